import { DOCUMENT_FORMATS } from './feed-document';
import type { DocumentFormat, DocumentLinks } from './feed-document';

export interface LinkInput {
  /** The absolute address of `/api/newswire`. */
  routes: string;
  slug: string;
  format: DocumentFormat;
  /** As the request had them; null where it had none. */
  before: string | null;
  limit: number | null;
  /** The token of the query, which links that a feed reader follows have to carry; null where it came in a header. */
  token: string | null;
  /** Cursor of the page of older events; null on the last page. */
  older: string | null;
  /** The page of newer events, where it is known; without a cursor it is the newest one. */
  newer: { cursor: string | null } | null;
}

/** The addresses of a page and of those around it (RFC 5005 §3). */
export function documentLinks(input: LinkInput): DocumentLinks {
  const { routes, slug, format, before, older, newer } = input;
  const page = (cursor: string | null, as: DocumentFormat = format) =>
    `${routes}/feeds/${encodeURIComponent(slug)}/${as}${queryOf(input, cursor)}`;
  return {
    self: page(before),
    first: page(null),
    next: older === null ? null : page(older),
    previous: newer === null ? null : page(newer.cursor),
    alternates: DOCUMENT_FORMATS.filter((other) => other !== format).map((other) => ({
      format: other,
      href: page(before, other),
    })),
    home: new URL('/', routes).href,
  };
}

function queryOf({ limit, token }: LinkInput, cursor: string | null): string {
  const query = [
    ...(cursor === null ? [] : [`before=${encodeURIComponent(cursor)}`]),
    ...(limit === null ? [] : [`limit=${limit}`]),
    ...(token === null ? [] : [`token=${encodeURIComponent(token)}`]),
  ];
  return query.length === 0 ? '' : `?${query.join('&')}`;
}
