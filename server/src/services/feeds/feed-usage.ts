import type { FeedUsage } from '../../contracts/usage';
import type { LogEnd } from '../../flow/feed/log-end';
import type { Database } from '../../store/database';
import { listTokenReads } from '../../store/feed-reads';
import type { FeedDirectory } from './directory';
import type { FeedLag } from './lag';
import type { FeedReader } from './reader';

/** Feeds that are told of, at most. */
const MAX_FEEDS = 200;

/** The feeds that a token may read, by slug, and how far it has. */
export function feedUsage(parts: {
  db: () => Database;
  directory: FeedDirectory;
  end: LogEnd;
  lag: FeedLag;
}) {
  return async (reader: FeedReader): Promise<FeedUsage[]> => {
    const { db, directory, end, lag } = parts;
    const { head, configVersion } = await end.current();
    const feeds = (await directory.readable(reader, configVersion)).slice(0, MAX_FEEDS);
    const reads = await listTokenReads(db(), reader.tokenId);
    const usages: FeedUsage[] = [];
    for (const feed of feeds) {
      const read = reads.find(({ feedId }) => feedId === feed.id);
      usages.push({
        slug: feed.slug,
        title: feed.settings.title,
        last_read_sequence_number: read?.sequenceNumber ?? null,
        last_read_at: read?.readAt.toISOString() ?? null,
        lag: read ? await lag.unread(directory.prepare(feed, reader).rule, read, head) : null,
      });
    }
    return usages;
  };
}
