/** A page of a feed for feed readers, newest first, before it is written as RSS, Atom or JSON Feed. */

export const DOCUMENT_FORMATS = ['rss', 'atom', 'json'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** Media types, as routes answer with them. */
export const CONTENT_TYPES: Record<DocumentFormat, string> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** The media type of a link to such a document. */
export function mediaTypeOf(format: DocumentFormat): string {
  return CONTENT_TYPES[format].split(';')[0] ?? '';
}

/** One event. Equal events make equal entries, on every page and for ever. */
export interface FeedEntry {
  /** `urn:uuid:<event_id>`. */
  id: string;
  eventType: string;
  /** `producer_id`. */
  author: string;
  /** When it was released to readers: what it is ordered by. */
  releasedAt: Date;
  title: string;
  summary: string | null;
  /** Somebody else's page: never an address with a token. */
  url: string | null;
  html: string;
  /** The event as its reader may see it, or what the feed's transform made of it. */
  event: unknown;
}

/** Absolute addresses, with the reader's token where it came with one in the query. */
export interface DocumentLinks {
  self: string;
  /** The newest page. */
  first: string;
  /** The page of older events; null on the last one. */
  next: string | null;
  /** The page of newer events, where it is known. */
  previous: string | null;
  /** The same page in the other formats. */
  alternates: readonly { format: DocumentFormat; href: string }[];
  /** A page for people. */
  home: string;
}

export interface FeedDocument {
  /** Equal on all pages: `urn:uuid:<feed id>`. */
  id: string;
  title: string;
  description: string;
  /** Of the newest entry of the page, or of the feed itself. */
  updatedAt: Date;
  /** `producer_id` of the installation. */
  author: string;
  links: DocumentLinks;
  entries: readonly FeedEntry[];
}
