import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** How many unsettled deliveries each of these subscriptions is owed. */
export async function countBacklog(
  db: Database,
  subscriptionIds: string[],
): Promise<Map<string, number>> {
  if (subscriptionIds.length === 0) {
    return new Map();
  }
  const rows = await db(TABLES.deliveries)
    .whereRaw('settled = false')
    .whereIn('subscription_id', subscriptionIds)
    .groupBy('subscription_id')
    .select('subscription_id')
    .count<{ subscription_id: string; owed: unknown }[]>({ owed: '*' });
  return new Map(rows.map((row) => [row.subscription_id, toNumber(row.owed)]));
}
