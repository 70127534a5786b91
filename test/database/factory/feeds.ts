import type { Knex } from 'knex';
import type { FeedRule } from '../../../server/src/domain/feed-rule';
import type { Evaluate } from '../../../server/src/flow/expression/ports';
import { findAfter, findBefore } from '../../../server/src/flow/feed/find';
import { Head } from '../../../server/src/flow/feed/head';
import { Indexer } from '../../../server/src/flow/feed/indexer';
import { LogEnd } from '../../../server/src/flow/feed/log-end';
import { Recent } from '../../../server/src/flow/feed/recent';
import { Views } from '../../../server/src/flow/feed/views';
import type { Clock } from '../../../server/src/flow/ports';
import { ownTransaction } from '../../../server/src/store/database';
import type { RunInTransaction } from '../../../server/src/store/database';
import { readReleasedWhole } from '../../../server/src/store/released-events';

/** What one process has of feeds, wired as services/feeds/create-feeds.ts wires it, but for Strapi and its loops. */
export interface FeedSide {
  views: Views;
  indexer: Indexer;
  recent: Recent;
  end: LogEnd;
  /** What conditions could not be evaluated for. */
  problems: string[];
  /** Release numbers of a page, oldest first, and where it ends. */
  after(rule: FeedRule, input: PageInput & { position: number }): Promise<FeedPage>;
  /** Release numbers of a page, newest first. */
  before(rule: FeedRule, input: PageInput & { upTo: number | null }): Promise<FeedPage>;
}

interface PageInput {
  limit: number;
  wants?: (type: string) => boolean;
}

export interface FeedPage {
  numbers: number[];
  hasMore: boolean;
  reached: number;
}

const NO_LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function makeFeedSide(
  db: Knex,
  input: {
    evaluate?: Evaluate;
    clock?: Pick<Clock, 'now'>;
    transaction?: (run: RunInTransaction) => RunInTransaction;
    /** Events kept in memory. */
    kept?: number;
  } = {},
): FeedSide {
  const run: RunInTransaction = (work) => ownTransaction(db, work);
  const clock = input.clock ?? { now: () => new Date() };
  const problems: string[] = [];
  const recent = new Recent({
    read: (range) => readReleasedWhole(db, range),
    limits: { events: input.kept ?? 100, bytes: 1_000_000 },
  });
  const head = new Head({ read: () => Promise.resolve(0), pollMs: 1_000, log: NO_LOG });
  const end = new LogEnd({ db: () => db, head });
  const views = new Views({ db: () => db, clock });
  const indexer = new Indexer({
    ...{ db: () => db, transaction: input.transaction?.(run) ?? run, views, end, clock },
    evaluate: input.evaluate ?? (() => Promise.resolve({ kind: 'value', json: 'true' })),
    problem: (_, message) => problems.push(message),
    log: NO_LOG,
  });
  const ports = { db, recent };
  return {
    ...{ views, indexer, recent, end, problems },
    async after(rule, { position, limit, wants = null }) {
      const view = await views.use(rule);
      const { head: upTo } = await end.current();
      if (position >= Math.min(recent.from, upTo)) await recent.moveTo(upTo);
      const found = await findAfter(ports, view, { after: position, upTo, limit, wants });
      return { ...found, numbers: found.matches.map(({ releaseNumber }) => releaseNumber) };
    },
    async before(rule, { upTo, limit, wants = null }) {
      const view = await views.use(rule);
      const { head: newest } = await end.current();
      if (upTo === null) await recent.moveTo(newest);
      const from = Math.min(upTo ?? newest, newest);
      const found = await findBefore(ports, view, { upTo: from, downTo: 0, limit, wants });
      return { ...found, numbers: found.matches.map(({ releaseNumber }) => releaseNumber) };
    },
  };
}
