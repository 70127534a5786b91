import type { FeedItemInput } from '../../../server/src/domain/feed-item/item';

interface Announced {
  name?: string;
  description?: string | null;
  titles?: readonly { title?: string | null }[];
}

/** `Slate announced: Drama slate (12 titles)`: those that its reader may license. */
export function slateItem({ name, description, titles = [] }: Announced = {}): FeedItemInput {
  const count = titles.length === 1 ? '1 title' : `${titles.length} titles`;
  const names = titles.map(({ title }) => title).filter(Boolean);
  return {
    title: `Slate announced: ${name ?? 'untitled'} (${count})`,
    summary: description ?? (names.length > 0 ? `${names.join('; ')}.` : null),
  };
}

interface Offered {
  title?: string | null;
  title_id?: string;
  revised?: boolean;
  preview_url?: string | null;
  license_terms?: {
    exclusive?: boolean | null;
    territories?: readonly string[];
    term_length?: string | null;
  } | null;
}

/** `Licence offered: Harbour Lights`, `Offer revised: Harbour Lights`. */
export function offerItem(offer: Offered = {}): FeedItemInput {
  const { title, title_id, revised, preview_url, license_terms } = offer;
  const { exclusive, territories = [], term_length } = license_terms ?? {};
  const terms = [
    exclusive === true ? 'exclusive' : exclusive === false ? 'not exclusive' : null,
    territories.length > 0 ? `for ${territories.join(', ')}` : null,
    term_length ? `term ${term_length}` : null,
  ].filter(Boolean);
  return {
    title: `${revised ? 'Offer revised' : 'Licence offered'}: ${title ?? title_id ?? 'untitled'}`,
    summary: terms.length > 0 ? `Terms: ${terms.join(', ')}.` : null,
    url: preview_url,
  };
}
