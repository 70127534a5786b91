import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** Takes a partner out of the readers of all feeds. One that nobody else reads is internal from then on. */
export async function leaveFeeds(trx: Database, partnerId: string): Promise<void> {
  const feeds = await trx(TABLES.feeds)
    .orderBy('id')
    .forUpdate()
    .select<{ id: unknown; settings: string }[]>('id', 'settings');
  for (const { id, settings } of feeds) {
    const parsed = JSON.parse(settings) as { partner_ids?: string[] };
    if (!parsed.partner_ids?.includes(partnerId)) continue;
    const partner_ids = parsed.partner_ids.filter((one) => one !== partnerId);
    await trx(TABLES.feeds)
      .where({ id: toNumber(id) })
      .update({ settings: JSON.stringify({ ...parsed, partner_ids }) });
  }
}
