import { Heads } from '../../flow/feed/heads';
import { Indexer } from '../../flow/feed/indexer';
import { KeptFrom } from '../../flow/feed/kept-from';
import { Recent } from '../../flow/feed/recent';
import type { RecentLimits } from '../../flow/feed/recent';
import { Views } from '../../flow/feed/views';
import { readReleasedWhole } from '../../store/released-events';
import type { OutsideParts } from '../outside-parts';
import { FeedDirectory } from './directory';
import { Feeds } from './feeds';
import { HeldOpen } from './held-open';
import { FeedLag } from './lag';
import { FeedNotes } from './notes';
import { FeedPages } from './pages';
import { FeedReading } from './reading';
import { FeedWriter } from './writer';

/** What is kept in memory of the end of the log, for all readers together. */
const RECENT: RecentLimits = { events: 1_000, bytes: 32 * 1_048_576 };

export type FeedsPart = ReturnType<typeof createFeeds>;

/** Everything about feeds; nothing runs before `start`. */
export function createFeeds(parts: OutsideParts) {
  const { db, own, joined, secrets, catalogue, evaluate, head, clock, log, newId } = parts;
  const recent = new Recent({ read: (range) => readReleasedWhole(db(), range), limits: RECENT });
  const heads = new Heads({ db, head });
  const views = new Views({ db, clock });
  const keptFrom = new KeptFrom({ db, clock });
  const directory = new FeedDirectory({ db, secrets, catalogue });
  const notes = new FeedNotes({ db, clock, log });
  const indexer = new Indexer({
    ...{ db, views, heads, clock, log, transaction: own, evaluate: evaluate.condition },
    problem: (view, message) => {
      for (const id of directory.idsByRule(view.rule.digest)) notes.problem(id, message);
    },
  });
  const reading = new FeedReading({
    ...{ db, directory, views, indexer, recent, heads, keptFrom, clock },
  });
  const writer = new FeedWriter({
    db,
    shaper: parts.shaper,
    problem: (feedId, message) => notes.problem(feedId, message),
  });
  const held = new HeldOpen();
  const feeds = new Feeds({
    ...{ db, catalogue, secrets, newId, clock, transaction: joined },
    evaluate: evaluate.condition,
    lag: new FeedLag({ db, secrets, catalogue, views, heads, recent }),
    changed: () => {
      directory.changed();
      parts.changed();
    },
  });

  return {
    services: {
      feeds,
      /** What readers' routes are made of. */
      feedReading: {
        directory,
        reading,
        writer,
        notes,
        held,
        pages: new FeedPages({ reading, writer, notes, head }),
        /** The absolute address of `/api/newswire`. */
        routes: parts.routes,
      },
    },
    /** The configuration has changed, here or elsewhere. */
    changed(): void {
      directory.changed();
    },
    start(): void {
      held.start();
      notes.start();
      indexer.start();
    },
    async stop(): Promise<void> {
      held.stop();
      await indexer.stop();
      await notes.stop();
    },
  };
}
