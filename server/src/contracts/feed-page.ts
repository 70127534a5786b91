import { z } from 'zod';
import { eventTypePattern } from './event-filter';

/** Events on one page. */
export const MAX_EVENTS = 1_000;
const DEFAULT_EVENTS = 100;

/** Longest long poll, in seconds. */
export const MAX_WAIT_SECONDS = 30;

/** Event types, and patterns of them, that a reader may ask for at once. */
const MAX_TYPES = 100;

/** A whole number as it stands in an address: digits alone, and once. */
function wholeNumber(bounds: { min: number; max: number; fallback: number }) {
  const { min, max, fallback } = bounds;
  const error = `Write a whole number from ${min} to ${max}`;
  return z
    .string({ error })
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }))
    .prefault(String(fallback));
}

const limit = wholeNumber({ min: 1, max: MAX_EVENTS, fallback: DEFAULT_EVENTS });

const once = (name: string) => z.string({ error: `Give ${name} once` });

const types = once('types')
  .transform((text) => text.split(',').map((type) => type.trim()))
  .pipe(z.array(eventTypePattern).min(1).max(MAX_TYPES))
  .optional();

/** Query of `GET /feeds/:slug/events`. */
export const feedEventsQuery = z.strictObject({
  since: once('since').optional(),
  limit,
  types,
  wait: wholeNumber({ min: 0, max: MAX_WAIT_SECONDS, fallback: 0 }),
});

/** Query of `GET /feeds/:slug/stream`. */
export const feedStreamQuery = z.strictObject({ since: once('since').optional(), types });

/** Query of `GET /feeds/:slug/records`. */
export const feedRecordsQuery = z.strictObject({
  limit,
  /** The last record's place on the page before. */
  after: once('after')
    .regex(/^[0-9a-f]{64}$/, { error: 'Give meta.after of the page before' })
    .optional(),
});

/** Query of `GET /feeds/:slug/records/:subject_id`. */
export const feedRecordQuery = z.strictObject({
  locale: once('locale').max(35).optional(),
});

/** Query of `GET /feeds`, for readers. */
export const readableFeedsQuery = z.strictObject({});

/** What stands under `meta` of a page of events. */
export interface FeedPageMeta {
  /** Where the next page begins. */
  cursor: string;
  /** Whether there is more to be read at once. */
  has_more: boolean;
  /** Equal while nothing new has come that this reader sees. */
  change_token: string;
}

/** A feed as its readers see it. */
export interface ReadableFeed {
  id: string;
  slug: string;
  title: string;
  description: string;
  max_age_days: number | null;
  /** Absolute addresses. */
  links: Record<'events' | 'stream' | 'records' | 'rss' | 'atom' | 'json', string>;
}

/** What stands in an event's place where it cannot be brought into the feed's shape. */
export interface UnwrittenEvent {
  event_id: string;
  event_type: string;
  sequence_number: number;
  error: { code: string; message: string };
}

/** A subject as it was at its newest event that the reader sees. */
export interface FeedRecordAnswer {
  id: string;
  type: string;
  locale: string | null;
  change_token: string;
  event_id: string;
  event_type: string;
  sequence_number: number;
  updated_at: string;
  state: 'current' | 'withdrawn' | 'deleted';
  snapshot: unknown;
  error?: { code: string; message: string };
}

/** How far a token has read a feed. */
export interface FeedReaderAnswer {
  token_id: string;
  partner_id: string | null;
  last_read_at: string;
  last_sequence_number: number | null;
  /** Events that it has not read yet, counted up to a limit; null where nobody can say any more. */
  unread: number | null;
}
