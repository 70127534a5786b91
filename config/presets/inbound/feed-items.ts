import type { FeedItemInput } from '../../../server/src/domain/feed-item/item';

interface Told {
  content_id?: string;
  title_id?: string;
  url?: string | null;
  reason?: string | null;
  failure_codes?: readonly string[] | null;
  territories?: readonly string[] | null;
  count?: number | null;
  items?: readonly unknown[];
}

const idOf = ({ content_id, title_id }: Told) => content_id ?? title_id ?? 'untitled';

/** `Taken in: NL-HBL-0101` */
export function ingestedItem(told: Told = {}): FeedItemInput {
  return { title: `Taken in: ${idOf(told)}`, url: told.url };
}

/** `Refused: NL-HBL-0101` */
export function rejectedItem(told: Told = {}): FeedItemInput {
  const codes = told.failure_codes?.join(', ');
  return { title: `Refused: ${idOf(told)}`, summary: told.reason ?? codes };
}

/** `Licence accepted: NL-HBL-0101` */
export function acceptedItem(told: Told = {}): FeedItemInput {
  const territories = told.territories ?? [];
  return {
    title: `Licence accepted: ${idOf(told)}`,
    summary: territories.length > 0 ? `For ${territories.join(', ')}.` : null,
  };
}

/** `Plays: NL-HBL-0101 (12)`, `Plays: 2 reports` */
export function reportItem(what: 'Plays' | 'Advertisements', told: Told = {}): FeedItemInput {
  const { items } = told;
  if (items) {
    return { title: `${what}: ${items.length} ${items.length === 1 ? 'report' : 'reports'}` };
  }
  return { title: `${what}: ${idOf(told)} (${told.count ?? 1})` };
}
