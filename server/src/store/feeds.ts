import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { readPage } from './page';
import type { Page, PageInput } from './page';
import { TABLES } from './tables';

/** A feed as it is stored. `settings` is the validated resource. */
export interface FeedRow {
  feedId: string;
  slug: string;
  settings: unknown;
  encryptedCursorKey: string;
  problem: string | null;
  problemAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** @throws the database's error for a value that must be unique, where the slug is taken. */
export async function insertFeed(trx: Database, row: FeedRow): Promise<void> {
  await trx(TABLES.feeds).insert({ feed_id: row.feedId, ...columnsOf(row) });
}

/** Overwrites all of a feed but its id. Throws as {@link insertFeed} does. */
export async function updateFeed(trx: Database, row: FeedRow): Promise<void> {
  await trx(TABLES.feeds).where({ feed_id: row.feedId }).update(columnsOf(row));
}

/** The feed, and what is kept of who has read it. */
export async function deleteFeed(trx: Database, feedId: string): Promise<void> {
  await trx(TABLES.feeds).where({ feed_id: feedId }).delete();
  await trx(TABLES.feedReads).where({ feed_id: feedId }).delete();
}

/** @returns null when there is none. With `lock` the row stays locked until the transaction ends (not on SQLite). */
export async function findFeed(
  db: Database,
  feedId: string,
  { lock }: { lock: boolean } = { lock: false },
): Promise<FeedRow | null> {
  const query = db(TABLES.feeds).where({ feed_id: feedId }).first('*');
  const row = (await (lock ? query.forUpdate() : query)) as Record<string, unknown> | undefined;
  return row ? toFeed(row) : null;
}

/** Newest first. */
export async function listFeeds(
  db: Database,
  filters: { partnerId: string | null },
  page: PageInput,
): Promise<Page<FeedRow>> {
  const query = db(TABLES.feeds).select('*');
  if (filters.partnerId !== null) {
    // Ids are UUIDs: none stands in the settings as anything but an id.
    if (!/^[0-9A-Za-z-]+$/.test(filters.partnerId)) return { rows: [], hasMore: false };
    void query.where('settings', 'like', `%"${filters.partnerId}"%`);
  }
  const { rows, hasMore } = await readPage(db, query, {
    ...page,
    table: TABLES.feeds,
    publicId: 'feed_id',
  });
  return { rows: rows.map(toFeed), hasMore };
}

/** All feeds, for reading. */
export async function loadFeeds(db: Database): Promise<FeedRow[]> {
  const rows = (await db(TABLES.feeds).orderBy('id').select('*')) as Record<string, unknown>[];
  return rows.map(toFeed);
}

/** Keeps why an event could not be shown, the last time. */
export async function keepFeedProblem(
  db: Database,
  feedId: string,
  { problem, at }: { problem: string; at: Date },
): Promise<void> {
  await db(TABLES.feeds).where({ feed_id: feedId }).update({ problem, problem_at: at.getTime() });
}

function columnsOf(row: FeedRow) {
  return {
    slug: row.slug,
    settings: JSON.stringify(row.settings),
    encrypted_cursor_key: row.encryptedCursorKey,
    problem: row.problem,
    problem_at: row.problemAt?.getTime() ?? null,
    created_at: row.createdAt.getTime(),
    updated_at: row.updatedAt.getTime(),
  };
}

function toFeed(row: Record<string, unknown>): FeedRow {
  return {
    feedId: row['feed_id'] as string,
    slug: row['slug'] as string,
    settings: JSON.parse(row['settings'] as string),
    encryptedCursorKey: row['encrypted_cursor_key'] as string,
    problem: row['problem'] as string | null,
    problemAt: toDateOrNull(row['problem_at']),
    createdAt: new Date(toNumber(row['created_at'])),
    updatedAt: new Date(toNumber(row['updated_at'])),
  };
}
