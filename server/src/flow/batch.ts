import { BATCH, fits, isFull } from '../domain/batch';
import type { BatchFill, BatchLimits } from '../domain/batch';
import type { Database } from '../store/database';
import type { NewDelivery } from '../store/insert-deliveries';
import {
  insertBatchItems,
  keepBatch,
  lockOpenBatches,
  readEventSizes,
} from '../store/open-batches';
import type { BatchItem } from '../store/open-batches';
import type { NewId } from './ports';

/** An event that goes into a batch of its subscription. */
export interface BatchedDelivery extends NewDelivery {
  limits: BatchLimits;
}

/** The batch that is being filled: one that waits already (`row`), or a new one. */
interface Filling extends BatchFill {
  batchId: string;
  row: number | null;
  delivery: NewDelivery | null;
  dueAt: Date | null;
}

/**
 * Puts events into batches in sequence order: into the one that is open, or into new ones. A batch is due when it is full,
 * or when its first event has waited for `max_wait_seconds`; it is sealed by the claim that takes it.
 *
 * @param deliveries in sequence order.
 * @returns the new batches, each one delivery.
 */
export async function fillBatches(
  trx: Database,
  deliveries: BatchedDelivery[],
  input: { now: Date; newId: NewId },
): Promise<NewDelivery[]> {
  if (deliveries.length === 0) {
    return [];
  }
  const { now } = input;
  const subscriptionIds = [...new Set(deliveries.map((one) => one.subscriptionId))];
  const open = await lockOpenBatches(trx, subscriptionIds, now);
  const sizes = await readEventSizes(
    trx,
    deliveries.map((one) => one.eventRef),
  );
  const items: BatchItem[] = [];
  const done: Filling[] = [];
  const filling = new Map<string, Filling>(
    [...open].map(([id, { id: row, ...batch }]) => [id, { ...batch, row, delivery: null }]),
  );
  for (const delivery of deliveries) {
    const { subscriptionId, eventRef } = delivery;
    const bytes = sizes.get(eventRef) ?? 0;
    let batch = filling.get(subscriptionId);
    if (!batch || !fits(batch, bytes, delivery.limits)) {
      if (batch) done.push(sealed(batch, now));
      batch = begin(delivery, input);
      filling.set(subscriptionId, batch);
    }
    items.push({ batchId: batch.batchId, position: batch.items, eventRef });
    batch.items += 1;
    batch.bytes += bytes + 1;
    if (isFull(batch, delivery.limits)) {
      done.push(sealed(batch, now));
      filling.delete(subscriptionId);
    }
  }
  const all = [...done, ...filling.values()];
  await insertBatchItems(trx, items);
  for (const { row, ...batch } of all) {
    if (row !== null) await keepBatch(trx, { id: row, ...batch });
  }
  return all.flatMap((batch) => asDelivery(batch));
}

function begin(delivery: BatchedDelivery, input: { now: Date; newId: NewId }): Filling {
  const { limits, ...first } = delivery;
  return {
    batchId: input.newId(),
    row: null,
    delivery: { ...first, eventType: BATCH },
    dueAt: new Date(input.now.getTime() + limits.max_wait_seconds * 1_000),
    items: 0,
    bytes: 0,
  };
}

/** Due at once; one that waits for the batch before it goes on waiting for that. */
function sealed(batch: Filling, now: Date): Filling {
  return { ...batch, dueAt: batch.dueAt && now };
}

function asDelivery({ delivery, batchId, items, bytes, dueAt }: Filling): NewDelivery[] {
  return delivery
    ? [{ ...delivery, dueAt: dueAt ?? delivery.dueAt, batch: { batchId, items, bytes } }]
    : [];
}
