import { Indexer } from '../../flow/feed/indexer';
import { KeptFrom } from '../../flow/feed/kept-from';
import { Recent } from '../../flow/feed/recent';
import type { RecentLimits } from '../../flow/feed/recent';
import { Views } from '../../flow/feed/views';
import { readReleasedWhole } from '../../store/released-events';
import type { OutsideParts, WithLogEnd } from '../outside-parts';
import type { KnownPartners } from '../partners/known-partners';
import type { OpenRequests } from '../partners/open-requests';
import { ApiTokens } from './api-tokens';
import { FeedDirectory } from './directory';
import { FeedDocuments } from './documents';
import { Feeds } from './feeds';
import { HeldOpen } from './held-open';
import { FeedLag } from './lag';
import { feedUsage } from './feed-usage';
import { FeedNotes } from './notes';
import { FeedPages } from './pages';
import { readerNow } from './reader-now';
import { FeedReading } from './reading';
import { ReadableFeeds } from './readable-feeds';
import { FeedRecords } from './records';
import { FeedStreams } from './stream';
import { FeedWriter } from './writer';

/** What is kept in memory of the end of the log, for all readers together. */
const RECENT: RecentLimits = { events: 1_000, bytes: 32 * 1_048_576 };

/** Everything about feeds; nothing runs before `start`. */
export function createFeeds(
  parts: OutsideParts & WithLogEnd,
  partners: { known: KnownPartners; openRequests: OpenRequests },
) {
  const { db, own, joined, secrets, catalogue, evaluate, head, end, clock, log, newId } = parts;
  const recent = new Recent({ read: (range) => readReleasedWhole(db(), range), limits: RECENT });
  const views = new Views({ db, clock });
  const keptFrom = new KeptFrom({ db, clock });
  const directory = new FeedDirectory({ db, secrets, catalogue });
  const notes = new FeedNotes({ db, clock, log });
  const indexer = new Indexer({
    ...{ db, views, end, clock, log, transaction: own, evaluate: evaluate.condition },
    problem: (view, message) => {
      for (const id of directory.idsByRule(view.rule.digest)) notes.problem(id, message);
    },
  });
  const apiTokens = new ApiTokens({ strapi: parts.strapi, clock });
  const reading = new FeedReading({
    ...{ db, directory, views, indexer, recent, end, keptFrom, clock },
    readerNow: (reader) => readerNow(reader, { known: partners.known, apiTokens, clock }),
  });
  const writer = new FeedWriter({
    db,
    shaper: parts.shaper,
    problem: (feedId, message) => notes.problem(feedId, message),
  });
  const held = new HeldOpen(partners.openRequests);
  const lag = new FeedLag({ db, secrets, catalogue, views, end, recent });
  const feeds = new Feeds({
    ...{ db, catalogue, secrets, newId, clock, transaction: joined },
    evaluate: evaluate.condition,
    lag,
    changed: parts.changed,
  });

  return {
    /** How far a token has read what it may. */
    usageOf: feedUsage({ db, directory, end, lag }),
    services: {
      feeds,
      /** What readers' routes are made of. */
      feedReading: {
        reading,
        writer,
        pages: new FeedPages({ reading, writer, notes, head, held }),
        streams: new FeedStreams({ reading, writer, notes, head, held, log }),
        records: new FeedRecords({ db, reading, writer, indexer }),
        documents: new FeedDocuments({
          ...{ reading, writer, notes, catalogue },
          producerId: parts.options.producerId,
          routes: parts.routes,
        }),
        listed: new ReadableFeeds({ directory, end, routes: parts.routes }),
      },
    },
    start(): void {
      held.start();
      notes.start();
      indexer.start();
    },
    async stop(): Promise<void> {
      await held.stop();
      await indexer.stop();
      await notes.stop();
    },
  };
}
