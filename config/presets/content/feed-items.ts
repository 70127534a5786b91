import type { FeedItemInput, Shown } from '../../../server/src/domain/feed-item/item';
import type { Caption, Rendition, Rights, Withdrawal } from './payload';

const WITHDRAWN: Record<Withdrawal, string> = {
  unpublished: 'It was unpublished and may not be shown any more.',
  deleted: 'It was deleted and may not be shown any more.',
  rights_ended: 'Its rights have ended.',
};

/** What all payloads have, as far as a reader may see it. */
interface Heading {
  title?: string;
  content_id?: string;
}

export function withdrawnItem(
  payload: Heading & { reason?: Withdrawal | undefined } = {},
): FeedItemInput {
  return {
    title: `Content withdrawn: ${nameOf(payload)}`,
    summary: payload.reason === undefined ? null : WITHDRAWN[payload.reason],
  };
}

export function rightsItem(
  payload: Heading & { rights?: Shown<Rights> | null; previous_rights?: Shown<Rights> | null } = {},
): FeedItemInput {
  const [before, after] = [termsOf(payload.previous_rights), termsOf(payload.rights)];
  return {
    title: `Rights updated: ${nameOf(payload)}`,
    summary: before === after ? `${after}.` : `${after}; before: ${before}.`,
  };
}

export function renditionsItem(
  payload: Heading & { renditions?: readonly Shown<Rendition>[] } = {},
): FeedItemInput {
  const { renditions = [] } = payload;
  const told = renditions.map(({ resolution, codec, container }) =>
    [resolution, codec, container].filter(Boolean).join(' '),
  );
  return { title: `Renditions available: ${nameOf(payload)}`, summary: listed(told) };
}

export function captionsItem(
  payload: Heading & { captions?: readonly Shown<Caption>[] } = {},
): FeedItemInput {
  const { captions = [] } = payload;
  const told = captions.map(({ language, format }) => [language, format].filter(Boolean).join(' '));
  return { title: `Captions available: ${nameOf(payload)}`, summary: listed(told) };
}

function nameOf({ title, content_id }: Heading): string {
  return title ?? content_id ?? 'untitled';
}

function termsOf(rights: Shown<Rights> | null | undefined): string {
  if (!rights) return 'No rights';
  const { territories = [], start_date, end_date } = rights;
  const where = territories.length > 0 ? territories.join(', ') : 'no territories';
  const when = `${start_date ?? 'no start'} to ${end_date ?? 'no end'}`;
  return `Rights for ${where}, ${when}`;
}

function listed(told: readonly string[]): string | null {
  const words = told.filter((text) => text !== '');
  return words.length === 0 ? null : `${words.join('; ')}.`;
}
