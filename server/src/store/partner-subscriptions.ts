import { toNumberOrNull } from './database';
import type { Database } from './database';
import { toSubscription } from './subscriptions';
import type { SubscriptionRow } from './subscriptions';
import { TABLES } from './tables';

/** The subscriptions that belong to a partner, by id. With `lock` they stay locked until the transaction ends. */
export async function listPartnerSubscriptions(
  db: Database,
  partnerId: string,
  { lock }: { lock: boolean } = { lock: false },
): Promise<SubscriptionRow[]> {
  const query = db(TABLES.subscriptions)
    .where({ partner_id: partnerId })
    .orderBy('id')
    .select<Record<string, unknown>[]>('*');
  return (await (lock ? query.forUpdate() : query)).map(toSubscription);
}

/**
 * Lets subscriptions go on whose pause, which their partner had asked for, is over; those of a suspended partner stay.
 *
 * @returns how many.
 */
export async function endDuePauses(trx: Database, now: Date): Promise<number> {
  return trx(TABLES.subscriptions)
    .where({ state: 'paused', paused_by: 'partner' })
    .where('paused_until', '<=', now.getTime())
    .whereIn('partner_id', trx(TABLES.partners).where({ state: 'active' }).select('partner_id'))
    .update({
      state: 'active',
      state_reason: null,
      paused_by: null,
      paused_until: null,
      updated_at: now.getTime(),
    });
}

/** When the next such pause is over, after `now`; null where there is none. */
export async function nextPauseEnd(db: Database, now: Date): Promise<Date | null> {
  const row = await db(TABLES.subscriptions)
    .where({ state: 'paused', paused_by: 'partner' })
    .where('paused_until', '>', now.getTime())
    .min({ next: 'paused_until' })
    .first<{ next: unknown } | undefined>();
  const next = toNumberOrNull(row?.next);
  return next === null ? null : new Date(next);
}
