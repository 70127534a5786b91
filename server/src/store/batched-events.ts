import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/**
 * Those of these events that the subscription has a batch with. From the events to their batches, to the first events of
 * those, to the deliveries that name them: each step by an index, whatever else there is.
 */
export async function readBatchedEvents(
  db: Database,
  input: { subscriptionId: string; eventRefs: number[] },
): Promise<Set<number>> {
  const { subscriptionId, eventRefs } = input;
  const items = await db(TABLES.batchItems)
    .whereIn('event_ref', eventRefs)
    .select<{ batch_id: string; event_ref: unknown }[]>('batch_id', 'event_ref');
  if (items.length === 0) {
    return new Set();
  }
  const firsts = await db(TABLES.batchItems)
    .whereIn('batch_id', [...new Set(items.map((item) => item.batch_id))])
    .where({ position: 0 })
    .select<{ event_ref: unknown }[]>('event_ref');
  const owed = await db(TABLES.deliveries)
    .whereIn('event_ref', [...new Set(firsts.map((item) => toNumber(item.event_ref)))])
    .where({ subscription_id: subscriptionId })
    .whereNotNull('batch_id')
    .select<{ batch_id: string }[]>('batch_id');
  const batches = new Set(owed.map((delivery) => delivery.batch_id));
  return new Set(
    items.filter((item) => batches.has(item.batch_id)).map((item) => toNumber(item.event_ref)),
  );
}
