/** What an event looks like to a person: an item of RSS, Atom and JSON Feed. */
import type { EventBody } from '../event';
import { webAddress } from '../web-address';
import { xmlText } from '../xml-text';

/** Longest title of an item, in characters; the whole of a longer one stands in the content. */
export const TITLE_LENGTH = 200;

/** Longest summary of an item, in characters. */
export const SUMMARY_LENGTH = 2_000;

/** Longest content of an item that a converter gives itself, in characters. */
const CONTENT_LENGTH = 524_288;

/** A value of which a reader may lack any part: what is personal, out of scope or not in the feed's projection is left out. */
export type Shown<T> = T extends readonly (infer Item)[]
  ? Shown<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]?: Shown<T[Name]> }
    : T;

/** An event as one reader may see it. */
export type ShownEvent<Payload = unknown> = Shown<Omit<EventBody, 'payload'>> & {
  readonly payload?: Shown<Payload>;
};

/** What a definition's `feedItem`, or a feed's transform, makes of an event. */
export interface FeedItemInput {
  /** Plain text. */
  title: string;
  /** Plain text. */
  summary?: string | null | undefined;
  /** Where a person reads more: `https:` or `http:`. */
  url?: string | null | undefined;
  /** HTML; left out: the payload as a list. */
  content_html?: string | null | undefined;
}

/** Makes an item of an event as its reader may see it; see `EventDefinition.feedItem`. */
export type MakeItem = (event: ShownEvent) => unknown;

/** An item, checked and cleaned. */
export interface FeedItem {
  title: string;
  summary: string | null;
  url: string | null;
  html: string;
}

/** Checked and cleaned, with its title whole; null for what is no item. */
export type GivenItem = Omit<FeedItem, 'html'> & { html: string | null };

/** What a converter has answered, as far as it is an item: a title it must have; what else does not fit is left out. */
export function givenItem(value: unknown): GivenItem | null {
  if (typeof value !== 'object' || value === null) return null;
  const { title, summary, url, content_html } = value as Record<string, unknown>;
  const named = typeof title === 'string' ? plain(title) : '';
  if (named === '') return null;
  const text = typeof summary === 'string' ? cut(plain(summary), SUMMARY_LENGTH) : '';
  const fits = typeof content_html === 'string' && content_html.length <= CONTENT_LENGTH;
  const html = fits ? xmlText(content_html).trim() : '';
  return {
    title: named,
    summary: text === '' ? null : text,
    url: webAddress(url),
    html: html === '' ? null : html,
  };
}

/** In one line, as XML can hold it. */
export function plain(text: string): string {
  return xmlText(text).replace(/\s+/g, ' ').trim();
}

/** No longer than that, never through a character of two halves, with `…` where something is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text
    .slice(0, length - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}
