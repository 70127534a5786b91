import type { Knex } from 'knex';
import { toNumber } from './database';
import type { Database } from './database';
import { insertRows } from './insert-rows';
import type { RowOf } from './insert-rows';
import { TABLES } from './tables';

/** An event that a view shows. */
export interface FeedItem {
  releaseNumber: number;
  eventRef: number;
  /** Null where it was not asked for. */
  eventType: string | null;
}

interface ItemRange {
  viewId: number;
  /** Release numbers: greater than … */
  after: number;
  /** … and at most. */
  upTo: number;
  limit: number;
  /** Whether the events' types are read, too. */
  types: boolean;
}

const COLUMNS = { view_ref: 'bigint', release_number: 'bigint', event_ref: 'bigint' } as const;

export async function insertFeedItems(
  trx: Database,
  viewId: number,
  items: readonly { releaseNumber: number; id: number }[],
): Promise<void> {
  const rows: RowOf<typeof COLUMNS>[] = items.map(({ releaseNumber, id }) => ({
    view_ref: viewId,
    release_number: releaseNumber,
    event_ref: id,
  }));
  await insertRows(trx, { table: TABLES.feedItems, columns: COLUMNS }, rows);
}

/** The oldest of a range, in order. By the primary key, so that it costs the same anywhere in the log. */
export async function readItemsAfter(db: Database, range: ItemRange): Promise<FeedItem[]> {
  return read(query(db, range).orderBy('i.release_number'));
}

/** The newest of a range, newest first. */
export async function readItemsBefore(db: Database, range: ItemRange): Promise<FeedItem[]> {
  return read(query(db, range).orderBy('i.release_number', 'desc'));
}

/** Release number of the newest; 0 for none. */
export async function readNewestItem(db: Database, viewId: number): Promise<number> {
  const row = await db(TABLES.feedItems)
    .where({ view_ref: viewId })
    .orderBy('release_number', 'desc')
    .first<{ release_number: unknown } | undefined>('release_number');
  return toNumber(row?.release_number ?? 0);
}

function query(db: Database, { viewId, after, upTo, limit, types }: ItemRange): Knex.QueryBuilder {
  const items = db(`${TABLES.feedItems} as i`)
    .where('i.view_ref', viewId)
    .where('i.release_number', '>', after)
    .where('i.release_number', '<=', upTo)
    .limit(limit);
  return types
    ? items
        .join(`${TABLES.events} as e`, 'e.id', 'i.event_ref')
        .select('i.release_number', 'i.event_ref', 'e.event_type')
    : items.select('i.release_number', 'i.event_ref');
}

async function read(items: Knex.QueryBuilder): Promise<FeedItem[]> {
  const rows = (await items) as Record<string, unknown>[];
  return rows.map((row) => ({
    releaseNumber: toNumber(row['release_number']),
    eventRef: toNumber(row['event_ref']),
    eventType: (row['event_type'] as string | undefined) ?? null,
  }));
}
