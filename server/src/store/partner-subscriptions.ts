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
