import { chunksOf, INSERT_CHUNK } from './case-by-id';
import { dialectOf, forUpdateSkipLocked, toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** A batch that waits and may still be added to. */
export interface OpenBatch {
  id: number;
  batchId: string;
  subscriptionId: string;
  items: number;
  bytes: number;
  /** Null while it waits for the batch before it. */
  dueAt: Date | null;
}

/**
 * Locks the newest batch of each subscription, where it may still be added to: not one that is due, was tried, or is being
 * claimed. An older one never, since what is added must come after all that is in batches already.
 */
export async function lockOpenBatches(
  trx: Database,
  subscriptionIds: string[],
  now: Date,
): Promise<Map<string, OpenBatch>> {
  const newest = await trx(TABLES.deliveries)
    .whereRaw('settled = false')
    .whereIn('subscription_id', subscriptionIds)
    .whereNotNull('batch_id')
    .where({ replay: false })
    .groupBy('subscription_id')
    .max<{ id: unknown }[]>({ id: 'id' });
  const query = trx(TABLES.deliveries)
    .whereIn(
      'id',
      newest.map(({ id }) => toNumber(id)),
    )
    .select('*');
  const rows = (await forUpdateSkipLocked(trx, query)) as Record<string, unknown>[];
  return new Map(
    rows
      .filter((row) => isOpen(row, now))
      .map((row) => [
        row['subscription_id'] as string,
        {
          id: toNumber(row['id']),
          batchId: row['batch_id'] as string,
          subscriptionId: row['subscription_id'] as string,
          items: toNumber(row['item_count']),
          bytes: toNumber(row['byte_count']),
          dueAt: toDateOrNull(row['due_at']),
        },
      ]),
  );
}

function isOpen(row: Record<string, unknown>, now: Date): boolean {
  const dueAt = toDateOrNull(row['due_at']);
  return (
    row['status'] === 'waiting' &&
    toNumber(row['attempts']) === 0 &&
    (dueAt === null || dueAt > now)
  );
}

/** Keeps how full a batch is now, and when it is due. */
export async function keepBatch(
  trx: Database,
  batch: Pick<OpenBatch, 'id' | 'items' | 'bytes' | 'dueAt'>,
): Promise<void> {
  await trx(TABLES.deliveries)
    .where({ id: batch.id })
    .update({
      item_count: batch.items,
      byte_count: batch.bytes,
      due_at: batch.dueAt?.getTime() ?? null,
    });
}

/** One event in a batch. */
export interface BatchItem {
  batchId: string;
  position: number;
  eventRef: number;
}

export async function insertBatchItems(trx: Database, items: BatchItem[]): Promise<void> {
  const rows = items.map((item) => ({
    batch_id: item.batchId,
    position: item.position,
    event_ref: item.eventRef,
  }));
  for (const chunk of chunksOf(rows, INSERT_CHUNK)) {
    await trx(TABLES.batchItems).insert(chunk);
  }
}

const LENGTH_IN_BYTES = {
  sqlite: 'length(cast(body as blob))',
  postgres: 'octet_length(body)',
  mysql: 'length(body)',
} as const;

/** What the sequence number and `produced_at` add to the stored text of an event, at most. */
const PREFIX_BYTES = 80;

/** The events' sizes as they are sent, in bytes, by row id. */
export async function readEventSizes(trx: Database, ids: number[]): Promise<Map<number, number>> {
  const rows: { id: unknown; bytes: unknown }[] = await trx(TABLES.events)
    .whereIn('id', ids)
    .select('id', trx.raw(`${LENGTH_IN_BYTES[dialectOf(trx)]} as bytes`));
  return new Map(rows.map((row) => [toNumber(row.id), toNumber(row.bytes) + PREFIX_BYTES]));
}
