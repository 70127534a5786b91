import type { Database } from '../store/database';
import type { NewDelivery } from '../store/insert-deliveries';
import { supersededBy, supersedeDeliveries } from '../store/supersede-deliveries';

/** A delivery that newer ones of its key, within the window, replace. */
export interface CoalescedDelivery extends NewDelivery {
  coalesceKey: string;
  windowMs: number;
}

/**
 * Of deliveries with the same key only the newest is sent, when the window ends that the first of them has opened; the
 * others are superseded. The window does not move on with each change: what changes all the time is still sent.
 */
export async function coalesce(
  trx: Database,
  deliveries: CoalescedDelivery[],
  now: Date,
): Promise<NewDelivery[]> {
  const newest = new Map<string, CoalescedDelivery>();
  for (const delivery of deliveries) newest.set(keyOf(delivery), delivery);
  const openedBefore = await supersedeDeliveries(
    trx,
    [...newest.values()].map(({ subscriptionId, coalesceKey, sequenceNumber, windowMs }) => ({
      subscriptionId,
      coalesceKey,
      sequenceNumber,
      windowStart: new Date(now.getTime() - windowMs),
    })),
    now,
  );
  return deliveries.map((delivery) => {
    const last = newest.get(keyOf(delivery)) ?? delivery;
    if (last !== delivery) {
      const reason = supersededBy(last.sequenceNumber);
      return { ...delivery, settled: { status: 'superseded', reason } };
    }
    const windowEnd = new Date(now.getTime() + delivery.windowMs);
    return { ...delivery, dueAt: openedBefore.get(keyOf(delivery)) ?? windowEnd };
  });
}

function keyOf(one: { subscriptionId: string; coalesceKey: string }): string {
  return `${one.subscriptionId}:${one.coalesceKey}`;
}
