import { toDateOrNull, toNumber, toNumberOrNull } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** A feed that a partner may read, and how far one of its tokens has. */
export interface FeedRead {
  slug: string;
  title: string;
  /** The release number up to which it has read; null before it has read anything. */
  position: number | null;
  sequenceNumber: number | null;
  readAt: Date | null;
}

/** The feeds of a partner, by slug, as one of its tokens has read them. */
export async function readFeedsOfPartner(
  db: Database,
  { partnerId, tokenId }: { partnerId: string; tokenId: string },
): Promise<FeedRead[]> {
  const rows = await db(`${TABLES.feeds} as f`)
    .leftJoin(`${TABLES.feedReads} as r`, (on) =>
      on.on('r.feed_id', 'f.feed_id').andOnVal('r.token_id', tokenId),
    )
    .orderBy('f.slug')
    .select<Record<string, unknown>[]>(
      'f.slug',
      'f.settings',
      'r.release_number',
      'r.sequence_number',
      'r.read_at',
    );
  return rows.flatMap((row) => {
    const { title, partner_ids } = JSON.parse(row['settings'] as string) as {
      title: string;
      partner_ids?: string[];
    };
    if (!partner_ids?.includes(partnerId)) return [];
    return {
      slug: row['slug'] as string,
      title,
      position: toNumberOrNull(row['release_number']),
      sequenceNumber: toNumberOrNull(row['sequence_number']),
      readAt: toDateOrNull(row['read_at']),
    };
  });
}

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
