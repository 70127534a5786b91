import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** A rule's view of the log, and how far the log was looked through for it. */
export interface FeedViewRow {
  id: number;
  digest: string;
  indexedUntil: number;
  usedAt: Date;
}

/** The view of a rule, marked as used; made where there is none. */
export async function useFeedView(
  db: Database,
  { digest, now }: { digest: string; now: Date },
): Promise<FeedViewRow> {
  const instant = now.getTime();
  const known = await db(TABLES.feedViews).where({ digest }).update({ used_at: instant });
  if (known === 0) {
    await db(TABLES.feedViews)
      .insert({ digest, indexed_until: 0, used_at: instant, created_at: instant })
      .onConflict('digest')
      .ignore();
  }
  const row = await findFeedView(db, digest);
  if (row === null) throw new Error('A view of the log was removed while it was made');
  return row;
}

export async function findFeedView(db: Database, digest: string): Promise<FeedViewRow | null> {
  const row = await db(TABLES.feedViews)
    .where({ digest })
    .first<Record<string, unknown> | undefined>('*');
  return row ? toView(row) : null;
}

/** Moves a view on, unless another process has done so. */
export async function advanceFeedView(
  trx: Database,
  { id, from, to }: { id: number; from: number; to: number },
): Promise<boolean> {
  const changed = await trx(TABLES.feedViews)
    .where({ id, indexed_until: from })
    .update({ indexed_until: to });
  return changed === 1;
}

/** One view that nobody has used since, from now on found by nobody; null when there is none (left). */
export async function retireFeedView(db: Database, usedBefore: Date): Promise<number | null> {
  const row = await db(TABLES.feedViews)
    .where('used_at', '<', usedBefore.getTime())
    .orderBy('id')
    .first<{ id: unknown } | undefined>('id');
  if (!row) return null;
  const id = toNumber(row.id);
  const retired = await db(TABLES.feedViews)
    .where({ id })
    .where('used_at', '<', usedBefore.getTime())
    .update({ digest: `retired-${id}` });
  return retired === 1 ? id : null;
}

/** Up to `limit` of each kind of row of a retired view, and the view itself when none is left. True: there are more. */
export async function clearFeedView(
  db: Database,
  { id, limit }: { id: number; limit: number },
): Promise<boolean> {
  const items = await db(TABLES.feedItems)
    .where({ view_ref: id })
    .orderBy('release_number')
    .limit(limit)
    .select<{ release_number: unknown }[]>('release_number');
  const records = await db(TABLES.feedRecords)
    .where({ view_ref: id })
    .orderBy('subject_key')
    .limit(limit)
    .select<{ subject_key: string }[]>('subject_key');
  const lastItem = items.at(-1);
  if (lastItem) {
    await db(TABLES.feedItems)
      .where({ view_ref: id })
      .where('release_number', '<=', toNumber(lastItem.release_number))
      .delete();
  }
  const lastRecord = records.at(-1);
  if (lastRecord) {
    await db(TABLES.feedRecords)
      .where({ view_ref: id })
      .where('subject_key', '<=', lastRecord.subject_key)
      .delete();
  }
  if (items.length === limit || records.length === limit) return true;
  await db(TABLES.feedViews).where({ id }).delete();
  return false;
}

function toView(row: Record<string, unknown>): FeedViewRow {
  return {
    id: toNumber(row['id']),
    digest: row['digest'] as string,
    indexedUntil: toNumber(row['indexed_until']),
    usedAt: new Date(toNumber(row['used_at'])),
  };
}
