import type { Database } from './database';
import { TABLES } from './tables';

/** The subscriptions that belong to a partner, by id. */
export async function listPartnerSubscriptions(
  db: Database,
  partnerId: string,
): Promise<{ id: string; name: string; state: string }[]> {
  return db(TABLES.subscriptions)
    .where({ partner_id: partnerId })
    .orderBy('id')
    .select<{ id: string; name: string; state: string }[]>('id', 'name', 'state');
}
