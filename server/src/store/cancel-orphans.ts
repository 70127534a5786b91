import type { Database } from './database';
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
  const orphans = db(TABLES.deliveries)
    .whereRaw("status = 'waiting'")
    .whereNotIn('subscription_id', db(TABLES.subscriptions).select('id'));
  if (input.subscriptionIds) {
    void orphans.whereIn('subscription_id', input.subscriptionIds);
  }
  await orphans.update({
    status: 'cancelled',
    settled: true,
    reason: SUBSCRIPTION_DELETED,
    due_at: null,
    settled_at: input.now.getTime(),
  });
}
