import { CLAIMED_COLUMNS, toClaimed } from './claim-deliveries';
import type { ClaimedDelivery } from './claim-deliveries';
import { toNumber } from './database';
import type { Database } from './database';
import { insertLease } from './leases';
import type { Lease } from './leases';
import { oldestInOrder } from './order-hash';
import { EVENT_BODY_COLUMNS, toSequencedEvent } from './read-event-bodies';
import type { SequencedEvent } from './read-event-bodies';
import { isFree } from './sendable-subscriptions';
import { TABLES } from './tables';

/** A delivery that is leased from the beginning, and its event. */
export interface LeasedFromBeginning {
  delivery: ClaimedDelivery;
  event: SequencedEvent;
}

/**
 * Of deliveries that were inserted in this transaction with the lease's token, those that may be sent at once: their
 * subscription may be sent to, and none older with their order key is unsettled. The others become `waiting` before anybody
 * has seen them, and go the way of a claim (claim-deliveries.ts). Not for subscriptions with a rate limit.
 */
export async function leaseInserted(
  trx: Database,
  input: { deliveryIds: string[]; lease: Lease; now: Date },
): Promise<LeasedFromBeginning[]> {
  const { deliveryIds, lease } = input;
  const rows = await selectInserted(trx, deliveryIds, input.now);
  const leased = rows.filter(
    (row) => row['oldest'] === null || row['oldest'] === row['delivery_ref'],
  );
  const kept = new Set(leased.map((row) => row['delivery_id']));
  const others = deliveryIds.filter((deliveryId) => !kept.has(deliveryId));
  if (others.length > 0) {
    await trx(TABLES.deliveries)
      .whereIn('delivery_id', others)
      .update({ status: 'waiting', lease_token: null });
  }
  if (leased.length > 0) {
    await insertLease(
      trx,
      lease,
      leased.map((row) => toNumber(row['delivery_ref'])),
    );
  }
  return leased.map((row) => ({
    event: toSequencedEvent(row),
    delivery: toClaimed({ ...row, id: row['delivery_ref'] }, lease.token),
  }));
}

/** Those whose subscription may be sent to, each with the oldest unsettled delivery of its order key. */
async function selectInserted(
  trx: Database,
  deliveryIds: string[],
  now: Date,
): Promise<Record<string, unknown>[]> {
  return trx(`${TABLES.deliveries} as d`)
    .join(`${TABLES.subscriptions} as s`, 's.id', 'd.subscription_id')
    .join(`${TABLES.events} as e`, 'e.id', 'd.event_ref')
    .whereIn('d.delivery_id', deliveryIds)
    .whereIn('s.state', ['active', 'sandbox'])
    .where(isFree(now.getTime()))
    .orderBy('d.id')
    .select<Record<string, unknown>[]>(
      'd.id as delivery_ref',
      ...CLAIMED_COLUMNS.filter((column) => column !== 'id').map((column) => `d.${column}`),
      oldestInOrder(trx, 'd').as('oldest'),
      ...EVENT_BODY_COLUMNS.map((column) => `e.${column}`),
    );
}
