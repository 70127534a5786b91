/**
 * The states of a delivery, and who moves it:
 *
 *   waiting ──claim──▶ sending ──settle──▶ delivered | dead            (settled; never touched again)
 *      ▲                  │ └──settle──▶ waiting, due later            (to be retried)
 *      │                  └──lease run out──▶ waiting, due now         (its process died: reclaimed)
 *      └── retry by hand of a dead one
 *   (made) ──leased from the beginning──▶ sending     where the process that numbers events is idle (number-and-lease.ts)
 *   waiting ──cancel──▶ cancelled          waiting ──a newer one within the window──▶ superseded
 *
 * Who holds a delivery in `sending` is told by the lease with its `lease_token` (leases.ts). A result is written only where
 * the token still fits, so that a process which was taken for dead changes nothing when it comes back (settle-deliveries.ts).
 *
 * Order: a delivery with an order key (order-hash.ts) is sent only when no older one with that key is unsettled. One that
 * has to wait for that reason is parked (`due_at` null), so that no claim looks at it again, until the one before it is
 * settled and wakes it (wake-successors.ts). The one who parks has locked both rows; so whoever settles the older one does
 * it before, and it is seen as settled, or afterwards, and then sees the parked one. At READ COMMITTED, where each
 * statement sees what was committed before it.
 */
import type { Knex } from 'knex';
import { isAnyOf, isWaiting } from './conditions';
import { forUpdateSkipLocked, toNumber } from './database';
import type { Database } from './database';
import { insertLease } from './leases';
import type { Lease } from './leases';
import { oldestInOrder } from './order-hash';
import { TABLES } from './tables';

/** A delivery that this process has leased. */
export interface ClaimedDelivery {
  id: number;
  deliveryId: string;
  subscriptionId: string;
  eventRef: number;
  eventType: string;
  attempts: number;
  scheduleStep: number;
  replay: boolean;
  /** It may have to be sent before another one. */
  ordered: boolean;
  /** Null for a single event. */
  batchId: string | null;
  leaseToken: string;
}

/** How many deliveries of one subscription are wanted, at most. */
export interface Share {
  subscriptionId: string;
  limit: number;
}

type Row = Record<string, unknown>;

/** What a claim needs of a delivery; the other columns are read by nobody here, hundreds of times a second. */
export const CLAIMED_COLUMNS = [
  'id',
  'delivery_id',
  'subscription_id',
  'event_ref',
  'event_type',
  'attempts',
  'schedule_step',
  'replay',
  'order_hash',
  'batch_id',
];

/**
 * Leases due deliveries: of each subscription its oldest ones, no more than its share. The subscriptions' own states are
 * the caller's to look at. Reads as many rows as it takes, plus those that it parks, whatever the backlog.
 *
 * @param input.shares at most 100 of them: SQLite takes 500 terms in a compound select.
 */
export async function claimDeliveries(
  trx: Database,
  input: { now: Date; shares: Share[]; lease: Lease },
): Promise<ClaimedDelivery[]> {
  const [first, ...others] = input.shares.map((share) => dueOf(trx, share, input.now));
  if (first === undefined) {
    return [];
  }
  const rows = await withOldest(trx, first.unionAll(others));
  const blocked = blockedOf(rows);
  await park(trx, blocked);
  return lease(
    trx,
    rows.filter((row) => !blocked.has(toNumber(row['id']))),
    input.lease,
  );
}

/** PostgreSQL takes no lock on a compound select itself, but on a select within. */
function dueOf(trx: Database, share: Share, now: Date) {
  const due = trx(TABLES.deliveries)
    .whereRaw(isWaiting())
    .where({ subscription_id: share.subscriptionId })
    .where('due_at', '<=', now.getTime())
    .orderBy([{ column: 'due_at' }, { column: 'id' }])
    .limit(share.limit)
    .select(CLAIMED_COLUMNS);
  return trx.from(forUpdateSkipLocked(trx, due).as('due')).select<Row[]>('*');
}

/** Each with the oldest unsettled delivery of its order key, itself where it has to wait for none. */
async function withOldest(trx: Database, due: Knex.QueryBuilder): Promise<Row[]> {
  const oldest = oldestInOrder(trx, 'claimed');
  return trx.from(due.as('claimed')).select<Row[]>('claimed.*', oldest.as('oldest'));
}

/** Those that have to wait, each with the delivery that it waits for. */
function blockedOf(rows: Row[]): Map<number, number> {
  const blocked = new Map<number, number>();
  for (const { id, oldest } of rows) {
    if (oldest !== null && oldest !== id) {
      blocked.set(toNumber(id), toNumber(oldest));
    }
  }
  return blocked;
}

/**
 * Parks deliveries until what they wait for is settled: but only where that is locked here and still unsettled. Where
 * another transaction holds it, it may be settling it this moment, and have looked for successors already; such a
 * delivery stays due and is looked at again.
 */
async function park(trx: Database, blocked: ReadonlyMap<number, number>): Promise<void> {
  if (blocked.size === 0) {
    return;
  }
  const awaited = trx(TABLES.deliveries)
    .whereIn('id', [...new Set(blocked.values())])
    .select('id', 'settled');
  const locked = (await forUpdateSkipLocked(trx, awaited)) as { id: unknown; settled: unknown }[];
  const unsettled = new Set(locked.filter((row) => !row.settled).map((row) => toNumber(row.id)));
  const ids = [...blocked].filter(([, by]) => unsettled.has(by)).map(([id]) => id);
  if (ids.length > 0) {
    await trx(TABLES.deliveries).whereIn('id', ids).update({ due_at: null });
  }
}

/**
 * Leases one waiting delivery, whatever its subscription's state and whenever it is due.
 *
 * @returns null when it is not waiting any more.
 */
export async function claimDelivery(
  trx: Database,
  deliveryId: string,
  by: Lease,
): Promise<ClaimedDelivery | null> {
  const query = trx(TABLES.deliveries)
    .where({ delivery_id: deliveryId, status: 'waiting' })
    .select(CLAIMED_COLUMNS);
  const rows = (await forUpdateSkipLocked(trx, query)) as Row[];
  const [claimed] = await lease(trx, rows, by);
  return claimed ?? null;
}

async function lease(trx: Database, rows: Row[], by: Lease): Promise<ClaimedDelivery[]> {
  if (rows.length === 0) {
    return [];
  }
  const ids = rows.map((row) => toNumber(row['id']));
  await trx(TABLES.deliveries)
    .whereRaw(...isAnyOf(trx, 'id', ids))
    .update({ status: 'sending', lease_token: by.token });
  await insertLease(trx, by, ids);
  return rows.map((row) => toClaimed(row, by.token));
}

/** A delivery's row as who has leased it needs it. */
export function toClaimed(row: Row, leaseToken: string): ClaimedDelivery {
  return {
    id: toNumber(row['id']),
    deliveryId: row['delivery_id'] as string,
    subscriptionId: row['subscription_id'] as string,
    eventRef: toNumber(row['event_ref']),
    eventType: row['event_type'] as string,
    attempts: toNumber(row['attempts']),
    scheduleStep: toNumber(row['schedule_step']),
    replay: Boolean(row['replay']),
    ordered: row['order_hash'] !== null,
    batchId: row['batch_id'] as string | null,
    leaseToken,
  };
}
