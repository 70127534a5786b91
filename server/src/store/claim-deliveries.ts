/**
 * The states of a delivery, and who moves it:
 *
 *   waiting ──claim──▶ sending ──settle──▶ delivered | dead            (settled; never touched again)
 *      ▲                  │ └──settle──▶ waiting, due later            (to be retried)
 *      │                  └──lease run out──▶ waiting, due now         (its process died: reclaimed)
 *      └── retry by hand of a dead one
 *   waiting ──cancel──▶ cancelled
 *
 * Who holds a delivery in `sending` is named by its `lease_token`. A result is written only where the token still
 * fits, so that a process which was taken for dead changes nothing when it comes back (settle-deliveries.ts).
 */
import { dialectOf, forUpdateSkipLocked, toNumber } from './database';
import type { Database } from './database';
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
  leaseToken: string;
}

export interface Lease {
  owner: string;
  token: string;
  until: Date;
}

/**
 * Leases due deliveries of subscriptions that may be sent to, oldest first. A delivery with an order key is due only
 * when no older one with that key is still unsettled.
 *
 * @param busy subscriptions with enough on their hands already; they are passed over.
 */
export async function claimDeliveries(
  trx: Database,
  input: { now: Date; limit: number; busy: string[]; lease: Lease },
): Promise<ClaimedDelivery[]> {
  const now = input.now.getTime();
  const due = trx(`${TABLES.deliveries} as d`)
    .whereRaw("d.status = 'waiting'")
    .where('d.due_at', '<=', now)
    .whereIn(
      'd.subscription_id',
      trx(TABLES.subscriptions)
        .whereIn('state', ['active', 'sandbox'])
        .where((held) => held.whereNull('held_until').orWhere('held_until', '<=', now))
        .select('id'),
    )
    .where((order) =>
      order
        .whereNull('d.order_key')
        .orWhereNotExists(
          trx(`${TABLES.deliveries} as older`)
            .whereRaw('older.settled = false')
            .whereRaw('older.subscription_id = d.subscription_id')
            .whereRaw('older.order_key = d.order_key')
            .whereRaw('older.id < d.id')
            .select(trx.raw('1')),
        ),
    )
    .orderBy([{ column: 'd.due_at' }, { column: 'd.id' }])
    .limit(input.limit)
    .select('d.*');
  if (dialectOf(trx) === 'mysql') {
    void due.where('d.id', '<=', await newestSeen(trx));
  }
  if (input.busy.length > 0) {
    void due.whereNotIn('d.subscription_id', input.busy);
  }
  const rows = (await forUpdateSkipLocked(trx, due)) as Record<string, unknown>[];
  return lease(trx, rows, input.lease);
}

/**
 * MySQL's `for update` reads rows that were committed a moment ago, while its subqueries read what was there when the
 * transaction first looked. A delivery routed in between would be seen without the older one it has to wait for
 * (measured: 60 of 2,400). This is that first look; nothing newer is claimed.
 */
async function newestSeen(trx: Database): Promise<number> {
  const row = (await trx(TABLES.deliveries).max({ id: 'id' }).first()) as
    { id: unknown } | undefined;
  return toNumber(row?.id ?? 0);
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
    .select('*');
  const rows = (await forUpdateSkipLocked(trx, query)) as Record<string, unknown>[];
  const [claimed] = await lease(trx, rows, by);
  return claimed ?? null;
}

async function lease(
  trx: Database,
  rows: Record<string, unknown>[],
  by: Lease,
): Promise<ClaimedDelivery[]> {
  if (rows.length === 0) {
    return [];
  }
  const ids = rows.map((row) => toNumber(row['id']));
  await trx(TABLES.deliveries).whereIn('id', ids).update({
    status: 'sending',
    lease_owner: by.owner,
    lease_token: by.token,
    lease_until: by.until.getTime(),
  });
  return rows.map((row) => ({
    id: toNumber(row['id']),
    deliveryId: row['delivery_id'] as string,
    subscriptionId: row['subscription_id'] as string,
    eventRef: toNumber(row['event_ref']),
    eventType: row['event_type'] as string,
    attempts: toNumber(row['attempts']),
    scheduleStep: toNumber(row['schedule_step']),
    replay: Boolean(row['replay']),
    leaseToken: by.token,
  }));
}
