import { toNumber, toNumberOrNull } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** How far a token has read a feed. */
export interface FeedRead {
  tokenId: string;
  feedId: string;
  /** Empty where it is no partner's. */
  partnerId: string;
  releaseNumber: number;
  /** Of the last event that was read; null where none was. */
  sequenceNumber: number | null;
  readAt: Date;
}

/** Keeps how far a token has read; what it read last stays where nothing was. */
export async function keepFeedRead(db: Database, read: FeedRead): Promise<void> {
  const key = { token_id: read.tokenId, feed_id: read.feedId };
  const place = {
    partner_id: read.partnerId,
    release_number: read.releaseNumber,
    read_at: read.readAt.getTime(),
    ...(read.sequenceNumber === null ? {} : { sequence_number: read.sequenceNumber }),
  };
  const known = await db(TABLES.feedReads).where(key).update(place);
  if (known > 0) return;
  await db(TABLES.feedReads)
    .insert({ ...key, sequence_number: null, ...place })
    .onConflict(['token_id', 'feed_id'])
    .merge(Object.keys(place));
}

/** Who has read a feed, the last one first. */
export async function listFeedReads(
  db: Database,
  { feedId, limit }: { feedId: string; limit: number },
): Promise<FeedRead[]> {
  const rows = await db(TABLES.feedReads)
    .where({ feed_id: feedId })
    .orderBy('read_at', 'desc')
    .limit(limit)
    .select<Record<string, unknown>[]>('*');
  return rows.map(toFeedRead);
}

/** How far a token has read its feeds. */
export async function listTokenReads(db: Database, tokenId: string): Promise<FeedRead[]> {
  const rows = await db(TABLES.feedReads)
    .where({ token_id: tokenId })
    .select<Record<string, unknown>[]>('*');
  return rows.map(toFeedRead);
}

function toFeedRead(row: Record<string, unknown>): FeedRead {
  return {
    tokenId: row['token_id'] as string,
    feedId: row['feed_id'] as string,
    partnerId: row['partner_id'] as string,
    releaseNumber: toNumber(row['release_number']),
    sequenceNumber: toNumberOrNull(row['sequence_number']),
    readAt: new Date(toNumber(row['read_at'])),
  };
}
