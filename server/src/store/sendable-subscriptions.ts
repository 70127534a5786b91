import type { Knex } from 'knex';
import { isWaiting } from './conditions';
import { forUpdateSkipLocked, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** A subscription that something is due for, and that may be sent to now. */
export interface SendableSubscription {
  id: string;
  /** Its circuit breaker is open, and the time has come to try one delivery. */
  probe: boolean;
}

/**
 * Subscriptions that something is due for, by id, beginning after `after`. One index probe for each subscription that
 * may be sent to, however much it is owed.
 *
 * @param input.busy subscriptions with enough on their hands already; they are passed over.
 */
export async function selectSendable(
  db: Database,
  input: { now: Date; after: string; limit: number; busy: string[] },
): Promise<SendableSubscription[]> {
  const now = input.now.getTime();
  const query = db(`${TABLES.subscriptions} as s`)
    .where('s.id', '>', input.after)
    .where((open) =>
      open
        .whereIn('s.state', ['active', 'sandbox'])
        .orWhere((probe) => probe.where('s.state', 'paused').where('s.probe_at', '<=', now)),
    )
    .where(isFree(now))
    .whereExists(
      db(`${TABLES.deliveries} as d`)
        .whereRaw(isWaiting('d'))
        .whereRaw('d.subscription_id = s.id')
        .where('d.due_at', '<=', now)
        .select(db.raw('1')),
    )
    .orderBy('s.id')
    .limit(input.limit)
    .select<{ id: string; state: string }[]>('s.id', 's.state');
  if (input.busy.length > 0) {
    void query.whereNotIn('s.id', input.busy);
  }
  return (await query).map(({ id, state }) => ({ id, probe: state === 'paused' }));
}

/** Of a subscription `s` whose endpoint has asked for no wait, or for one that is over. */
export function isFree(now: number) {
  return (free: Knex.QueryBuilder): void => {
    void free.whereNull('s.held_until').orWhere('s.held_until', '<=', now);
  };
}

/** What of a subscription only one process at a time may use. */
export interface Allowance {
  id: string;
  rateTokens: number | null;
  rateAt: number | null;
}

/** Locks what these subscriptions allow; those that another process is just using are left out. */
export async function lockAllowances(trx: Database, ids: string[]): Promise<Allowance[]> {
  const query = trx(TABLES.subscriptions)
    .whereIn('id', ids)
    .orderBy('id')
    .select('id', 'rate_tokens', 'rate_at');
  const rows = (await forUpdateSkipLocked(trx, query)) as {
    id: string;
    rate_tokens: number | null;
    rate_at: unknown;
  }[];
  return rows.map((row) => ({
    id: row.id,
    rateTokens: row.rate_tokens,
    rateAt: row.rate_at === null ? null : toNumber(row.rate_at),
  }));
}

/** Keeps a token bucket as it is now. */
export async function keepTokens(
  trx: Database,
  id: string,
  bucket: { tokens: number; at: number },
): Promise<void> {
  await trx(TABLES.subscriptions)
    .where({ id })
    .update({ rate_tokens: bucket.tokens, rate_at: bucket.at });
}

/**
 * Begins a probe: nobody else begins one before `until`, by which its result is there or its process dead.
 *
 * @returns false when the circuit breaker is closed by now, or another process has begun one.
 */
export async function beginProbe(
  trx: Database,
  id: string,
  input: { now: Date; until: Date },
): Promise<boolean> {
  const changed = await trx(TABLES.subscriptions)
    .where({ id, state: 'paused' })
    .where('probe_at', '<=', input.now.getTime())
    .update({ probe_at: input.until.getTime() });
  return changed > 0;
}

/**
 * When something can be sent next that cannot be sent now: a delivery becomes due, a wait ends that an endpoint has asked for, or
 * the endpoint of an open circuit breaker is to be tried. Null when there is nothing of the kind. One index probe for each
 * subscription that may be sent to.
 */
export async function nextSendableAt(db: Database, now: Date): Promise<Date | null> {
  const nextDue = db(`${TABLES.deliveries} as d`)
    .whereRaw(isWaiting('d'))
    .whereRaw('d.subscription_id = s.id')
    .where('d.due_at', '>', now.getTime())
    .orderBy('d.due_at')
    .limit(1)
    .select('d.due_at');
  const rows = await db(`${TABLES.subscriptions} as s`)
    .whereIn('s.state', ['active', 'sandbox'])
    .orWhere((open) => open.where('s.state', 'paused').whereNotNull('s.probe_at'))
    .select<Record<string, unknown>[]>('s.held_until', 's.probe_at', nextDue.as('next_due'));
  const times = rows
    .flatMap((row) => [row['held_until'], row['probe_at'], row['next_due']])
    .filter((at) => at !== null)
    .map(toNumber)
    .filter((at) => at > now.getTime());
  return times.length > 0 ? new Date(times.reduce((a, b) => Math.min(a, b))) : null;
}
