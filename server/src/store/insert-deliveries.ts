import { chunksOf, INSERT_CHUNK } from './case-by-id';
import type { Database } from './database';
import { TABLES } from './tables';

/** One event owed to one subscription. */
export interface NewDelivery {
  deliveryId: string;
  subscriptionId: string;
  eventRef: number;
  eventType: string;
  sequenceNumber: number;
  subjectId: string;
  orderKey: string | null;
  replay: boolean;
  dueAt: Date;
  /** By when it is promised; none where it is left out. A replay has no deadline. */
  slaDueAt?: Date | null;
}

/** Writes deliveries, waiting, in the given order. */
export async function insertDeliveries(
  db: Database,
  deliveries: NewDelivery[],
  now: Date,
): Promise<void> {
  const rows = deliveries.map((delivery) => ({
    delivery_id: delivery.deliveryId,
    subscription_id: delivery.subscriptionId,
    event_ref: delivery.eventRef,
    event_type: delivery.eventType,
    sequence_number: delivery.sequenceNumber,
    subject_id: delivery.subjectId,
    order_key: delivery.orderKey,
    status: 'waiting',
    settled: false,
    replay: delivery.replay,
    due_at: delivery.dueAt.getTime(),
    sla_due_at: delivery.slaDueAt?.getTime() ?? null,
    created_at: now.getTime(),
  }));
  for (const chunk of chunksOf(rows, INSERT_CHUNK)) {
    await db(TABLES.deliveries).insert(chunk);
  }
}
