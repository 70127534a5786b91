import { isWaiting } from './conditions';
import type { Database } from './database';
import { settleUnsent } from './settle-unsent';
import { TABLES } from './tables';

/** Why a delivery whose subscription is gone was given up. */
export const SUBSCRIPTION_DELETED = 'The subscription was deleted';

/**
 * Gives up waiting deliveries whose subscription is gone: those that were being sent when it was deleted, and came back.
 *
 * @param subscriptionIds the subscriptions in question; null looks at all waiting deliveries.
 */
export async function cancelOrphans(
  db: Database,
  input: { subscriptionIds: string[] | null; now: Date },
): Promise<void> {
  const { subscriptionIds, now } = input;
  const gone = subscriptionIds && (await missing(db, subscriptionIds));
  // The usual case: then nothing of what waits is looked at, however much it is.
  if (gone?.length === 0) {
    return;
  }
  const orphans = db(TABLES.deliveries)
    .whereRaw(isWaiting())
    .whereNotIn('subscription_id', db(TABLES.subscriptions).select('id'));
  if (gone) {
    void orphans.whereIn('subscription_id', gone);
  }
  await settleUnsent(orphans, { status: 'cancelled', reason: SUBSCRIPTION_DELETED, now });
}

async function missing(db: Database, ids: string[]): Promise<string[]> {
  const rows = await db(TABLES.subscriptions).whereIn('id', ids).select<{ id: string }[]>('id');
  const there = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}
