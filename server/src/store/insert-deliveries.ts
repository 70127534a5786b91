import type { Knex } from 'knex';
import type { Database } from './database';
import { insertionOf, insertRows } from './insert-rows';
import type { RowOf } from './insert-rows';
import { orderHash } from './order-hash';
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
  /** Row id of the replay that it is part of. */
  replayRef?: number;
  dueAt: Date;
  /** By when it is promised; none where it is left out. A replay has no deadline. */
  slaDueAt?: Date | null;
  /** Newer deliveries with this key may replace it while it waits. */
  coalesceKey?: string;
  /** Set for a batch: `eventRef` is its first event. */
  batch?: { batchId: string; items: number; bytes: number };
  /** Set where it is leased from the beginning (number-and-lease.ts). */
  leaseToken?: string;
  /** Set where it is over before it has begun. */
  settled?: { status: 'superseded' | 'dead'; reason: string };
}

const DELIVERIES = {
  table: TABLES.deliveries,
  columns: {
    delivery_id: 'text',
    subscription_id: 'text',
    event_ref: 'bigint',
    event_type: 'text',
    sequence_number: 'bigint',
    subject_id: 'text',
    order_hash: 'bigint',
    coalesce_key: 'text',
    batch_id: 'text',
    item_count: 'integer',
    byte_count: 'bigint',
    status: 'text',
    lease_token: 'text',
    settled: 'boolean',
    reason: 'text',
    replay: 'boolean',
    replay_ref: 'bigint',
    due_at: 'bigint',
    sla_due_at: 'bigint',
    created_at: 'bigint',
    settled_at: 'bigint',
  },
} as const;

/** Writes deliveries in the given order: waiting, where they are not settled from the beginning. */
export async function insertDeliveries(
  db: Database,
  deliveries: NewDelivery[],
  now: Date,
): Promise<void> {
  await insertRows(db, DELIVERIES, rowsOf(deliveries, now));
}

/** The same on PostgreSQL as a part of another statement. */
export function insertionOfDeliveries(
  trx: Database,
  deliveries: NewDelivery[],
  now: Date,
): Knex.Raw {
  return insertionOf(trx, DELIVERIES, rowsOf(deliveries, now));
}

function rowsOf(deliveries: NewDelivery[], now: Date): RowOf<typeof DELIVERIES.columns>[] {
  return deliveries.map((delivery) => ({
    delivery_id: delivery.deliveryId,
    subscription_id: delivery.subscriptionId,
    event_ref: delivery.eventRef,
    event_type: delivery.eventType,
    sequence_number: delivery.sequenceNumber,
    subject_id: delivery.subjectId,
    order_hash:
      delivery.orderKey === null ? null : orderHash(delivery.subscriptionId, delivery.orderKey),
    coalesce_key: delivery.coalesceKey ?? null,
    batch_id: delivery.batch?.batchId ?? null,
    item_count: delivery.batch?.items ?? 1,
    byte_count: delivery.batch?.bytes ?? null,
    status: delivery.settled?.status ?? (delivery.leaseToken ? 'sending' : 'waiting'),
    lease_token: delivery.leaseToken ?? null,
    settled: delivery.settled !== undefined,
    reason: delivery.settled?.reason ?? null,
    replay: delivery.replay,
    replay_ref: delivery.replayRef ?? null,
    due_at: delivery.settled ? null : delivery.dueAt.getTime(),
    sla_due_at: delivery.slaDueAt?.getTime() ?? null,
    created_at: now.getTime(),
    settled_at: delivery.settled ? now.getTime() : null,
  }));
}
