/**
 * Finding the events of a page. Behind, by the index; beyond it, in the log itself, by the same rule; at the end, in memory.
 * So what a page shows never depends on how far the index is.
 */
import type { Database } from '../../store/database';
import { readItemsAfter, readItemsBefore } from '../../store/feed-items';
import { readReleasedAfter, readReleasedBefore } from '../../store/released-events';
import type { ReleasedBody } from '../../store/released-events';
import type { Recent } from './recent';
import { shows } from './view';
import type { View } from './view';

/** An event that a page shows. */
export interface Match {
  releaseNumber: number;
  /** Row id of the event. */
  ref: number;
  /** Null where it has to be read. */
  whole: ReleasedBody | null;
}

/** The events of a page. */
export interface Found {
  matches: Match[];
  /** Whether there is more to be read at once. */
  hasMore: boolean;
  /** Release number up to which (or down to which, newest first: after which) everything was looked at. */
  reached: number;
}

export interface FindPorts {
  db: Database;
  recent: Recent;
}

/** Rows of the log, or of the index where types are asked for, that one page may look at, and of one statement. */
const MAX_SCANNED = 2_000;
const CHUNK = 500;

interface Wanted {
  limit: number;
  /** Which event types; null: all that the view shows. */
  wants: ((eventType: string) => boolean) | null;
}

/** Oldest first: after a position, up to another one that is released. */
export async function findAfter(
  { db, recent }: FindPorts,
  view: View,
  input: Wanted & { after: number; upTo: number },
): Promise<Found> {
  const { limit, wants, upTo } = input;
  const { rule, id, indexedUntil } = view;
  // Where there is a condition, nobody but the indexer knows what is beyond.
  const end = rule.condition === null ? upTo : Math.min(upTo, indexedUntil);
  const matches: Match[] = [];
  let at = input.after;
  let budget = MAX_SCANNED;
  while (matches.length <= limit) {
    if (at >= end) return { matches, hasMore: at < upTo, reached: Math.max(at, input.after) };
    if (rule.condition === null && at < recent.upTo && recent.covers(at)) {
      const until = Math.min(end, recent.upTo);
      const shown = recent.shown(rule, at, until);
      const wanted = wants ? shown.filter(({ eventType }) => wants(eventType)) : shown;
      matches.push(...wanted.slice(0, limit + 1 - matches.length).map(inMemory));
      at = until;
      continue;
    }
    if (budget <= 0) return { matches, hasMore: true, reached: at };
    if (at < indexedUntil) {
      const until = Math.min(end, indexedUntil);
      const asked = wants ? Math.min(CHUNK, budget) : limit + 1 - matches.length;
      const range = { viewId: id, after: at, upTo: until, limit: asked, types: wants !== null };
      const items = await readItemsAfter(db, range);
      matches.push(...items.filter((item) => !wants || wants(item.eventType ?? '')).map(toMatch));
      at = items.length < asked ? until : (items.at(-1)?.releaseNumber ?? until);
      if (wants) budget -= items.length;
    } else {
      const asked = Math.min(CHUNK, budget);
      const events = await readReleasedAfter(db, { after: at, upTo: end, limit: asked });
      const wanted = events.filter(
        (event) => shows(rule, event) && (!wants || wants(event.eventType)),
      );
      matches.push(...wanted.map((event) => toMatch({ ...event, eventRef: event.id })));
      at = events.length < asked ? end : (events.at(-1)?.releaseNumber ?? end);
      budget -= asked;
    }
  }
  const page = matches.slice(0, limit);
  return { matches: page, hasMore: true, reached: page.at(-1)?.releaseNumber ?? input.after };
}

/** Newest first: from a position down, but not to `downTo` itself. */
export async function findBefore(
  { db, recent }: FindPorts,
  view: View,
  input: Wanted & { upTo: number; downTo: number },
): Promise<Found> {
  const { limit, wants, downTo } = input;
  const { rule, id, indexedUntil } = view;
  const matches: Match[] = [];
  let at = rule.condition === null ? input.upTo : Math.min(input.upTo, indexedUntil);
  let budget = MAX_SCANNED;
  while (matches.length <= limit) {
    if (at <= downTo) return { matches, hasMore: false, reached: downTo };
    if (rule.condition === null && at > recent.from && recent.covers(at)) {
      const until = Math.max(downTo, recent.from);
      const shown = recent.shown(rule, until, at).reverse();
      const wanted = wants ? shown.filter(({ eventType }) => wants(eventType)) : shown;
      matches.push(...wanted.slice(0, limit + 1 - matches.length).map(inMemory));
      at = until;
      continue;
    }
    if (budget <= 0) return { matches, hasMore: true, reached: at };
    if (at <= indexedUntil) {
      const asked = wants ? Math.min(CHUNK, budget) : limit + 1 - matches.length;
      const range = { viewId: id, after: downTo, upTo: at, limit: asked, types: wants !== null };
      const items = await readItemsBefore(db, range);
      matches.push(...items.filter((item) => !wants || wants(item.eventType ?? '')).map(toMatch));
      at = items.length < asked ? downTo : (items.at(-1)?.releaseNumber ?? downTo + 1) - 1;
      if (wants) budget -= items.length;
    } else {
      const until = Math.max(downTo, indexedUntil);
      const asked = Math.min(CHUNK, budget);
      const events = await readReleasedBefore(db, { after: until, upTo: at, limit: asked });
      const wanted = events.filter(
        (event) => shows(rule, event) && (!wants || wants(event.eventType)),
      );
      matches.push(...wanted.map((event) => toMatch({ ...event, eventRef: event.id })));
      at = events.length < asked ? until : (events.at(-1)?.releaseNumber ?? until + 1) - 1;
      budget -= asked;
    }
  }
  const page = matches.slice(0, limit);
  return {
    matches: page,
    hasMore: true,
    reached: (page.at(-1)?.releaseNumber ?? input.upTo + 1) - 1,
  };
}

function inMemory(event: ReleasedBody & { id: number }): Match {
  return { releaseNumber: event.releaseNumber, ref: event.id, whole: event };
}

function toMatch(item: { releaseNumber: number; eventRef: number }): Match {
  return { releaseNumber: item.releaseNumber, ref: item.eventRef, whole: null };
}
