import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** The events of batches, as row ids in the order in which they are sent, by batch id. */
export async function readBatches(
  db: Database,
  batchIds: string[],
): Promise<Map<string, number[]>> {
  const batches = new Map<string, number[]>();
  if (batchIds.length === 0) {
    return batches;
  }
  const rows = await db(TABLES.batchItems)
    .whereIn('batch_id', [...new Set(batchIds)])
    .orderBy(['batch_id', 'position'])
    .select<{ batch_id: string; event_ref: unknown }[]>('batch_id', 'event_ref');
  for (const row of rows) {
    const refs = batches.get(row.batch_id) ?? [];
    refs.push(toNumber(row.event_ref));
    batches.set(row.batch_id, refs);
  }
  return batches;
}

/** A delivery's batch. */
export interface DeliveryBatch {
  batchId: string;
  items: number;
  bytes: number;
}

/** The batch of a delivery's row; null for a single event. */
export function toBatch(row: Record<string, unknown>): DeliveryBatch | null {
  return row['batch_id'] === null
    ? null
    : {
        batchId: row['batch_id'] as string,
        items: toNumber(row['item_count']),
        bytes: toNumber(row['byte_count']),
      };
}
