import type { Knex } from 'knex';
import { isAnyOf } from './conditions';
import { toNumber } from './database';
import type { Database } from './database';
import { EVENT_BODY_COLUMNS, toSequencedEvent } from './read-event-bodies';
import type { SequencedEvent } from './read-event-bodies';
import { EVENT_COLUMNS, toRoutable } from './sequence-events';
import type { UnsequencedEvent } from './sequence-events';
import { TABLES } from './tables';

/** A released event, as a rule looks at it. */
export interface ReleasedEvent extends UnsequencedEvent {
  releaseNumber: number;
}

/** A released event with its bytes. */
export interface ReleasedBody {
  releaseNumber: number;
  releasedAt: Date;
  event: SequencedEvent;
}

type Row = Record<string, unknown>;

const BODY_COLUMNS = [...EVENT_BODY_COLUMNS, 'release_number', 'released_at'];

/** Events by release number: greater than `after`, at most `upTo`; the oldest `limit` of them, in order. */
export async function readReleasedAfter(
  db: Database,
  input: { after: number; upTo: number; limit: number },
): Promise<ReleasedEvent[]> {
  const rows = await inRange(db, input)
    .orderBy('release_number')
    .limit(input.limit)
    .select<Row[]>([...EVENT_COLUMNS, 'release_number']);
  return rows.map(toReleased);
}

/** Events by release number: greater than `after`, at most `upTo`; the newest `limit` of them, newest first. */
export async function readReleasedBefore(
  db: Database,
  input: { after: number; upTo: number; limit: number },
): Promise<ReleasedEvent[]> {
  const rows = await inRange(db, input)
    .orderBy('release_number', 'desc')
    .limit(input.limit)
    .select<Row[]>([...EVENT_COLUMNS, 'release_number']);
  return rows.map(toReleased);
}

/** The same as {@link readReleasedAfter}, with their bytes. */
export async function readReleasedWhole(
  db: Database,
  input: { after: number; upTo: number; limit: number },
): Promise<(ReleasedEvent & ReleasedBody)[]> {
  const rows = await inRange(db, input)
    .orderBy('release_number')
    .limit(input.limit)
    .select<Row[]>([...new Set([...EVENT_COLUMNS, ...BODY_COLUMNS])]);
  return rows.map((row) => ({ ...toReleased(row), ...toReleasedBody(row) }));
}

/** The released events with these row ids, by row id. */
export async function readReleasedBodies(
  db: Database,
  ids: readonly number[],
): Promise<Map<number, ReleasedBody>> {
  if (ids.length === 0) return new Map();
  const rows = await db(TABLES.events)
    .whereRaw(...isAnyOf(db, 'id', ids))
    .whereNotNull('release_number')
    .select<Row[]>(BODY_COLUMNS);
  return new Map(rows.map((row) => [toNumber(row['id']), toReleasedBody(row)]));
}

/** The first release at or after a number, and when it was; null for none. */
export async function readReleaseFrom(
  db: Database,
  number: number,
): Promise<{ releaseNumber: number; releasedAt: Date } | null> {
  const row = await db(TABLES.events)
    .where('release_number', '>=', number)
    .orderBy('release_number')
    .first<Row | undefined>('release_number', 'released_at');
  return row
    ? {
        releaseNumber: toNumber(row['release_number']),
        releasedAt: new Date(toNumber(row['released_at'])),
      }
    : null;
}

function inRange(db: Database, input: { after: number; upTo: number }): Knex.QueryBuilder {
  return db(TABLES.events)
    .where('release_number', '>', input.after)
    .where('release_number', '<=', input.upTo);
}

function toReleased(row: Row): ReleasedEvent {
  return { ...toRoutable(row), releaseNumber: toNumber(row['release_number']) };
}

function toReleasedBody(row: Row): ReleasedBody {
  return {
    releaseNumber: toNumber(row['release_number']),
    releasedAt: new Date(toNumber(row['released_at'])),
    event: toSequencedEvent(row),
  };
}
