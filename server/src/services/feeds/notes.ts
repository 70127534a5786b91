import { Loop } from '../../flow/loop';
import type { Clock, Log } from '../../flow/ports';
import type { Database } from '../../store/database';
import { keepFeedProblem } from '../../store/feeds';
import { keepFeedRead } from '../../store/feed-reads';
import type { FeedRead } from '../../store/feed-reads';
import type { OpenFeed } from './reading';

/** How often what was noted is written, and a feed's problem at most. */
const FLUSH_MS = 3_000;
const PROBLEM_MS = 60_000;

/** Readers, and characters of a problem, that are kept until then. */
const MAX_READS = 10_000;
const PROBLEM_LENGTH = 500;

/**
 * What is kept of reading: how far each token is, and why an event could not be shown. Written every few seconds, so that no
 * page costs a write; what a killed process had not written yet is written with the next page.
 */
export class FeedNotes {
  readonly #db: () => Database;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #loop: Loop;
  #reads = new Map<string, FeedRead>();
  #problems = new Map<string, string>();
  readonly #problemAt = new Map<string, number>();

  constructor(ports: { db: () => Database; clock: Pick<Clock, 'now'>; log: Log }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
    this.#loop = new Loop({
      name: 'Keeping how far feeds are read',
      step: async () => {
        await this.flush();
        return { sleepMs: FLUSH_MS };
      },
      log: ports.log,
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.flush();
  }

  /** @param sequenceNumber of the last event that was read; null for none. */
  read(
    { feed, reader }: Pick<OpenFeed, 'feed' | 'reader'>,
    { position, sequenceNumber }: { position: number; sequenceNumber: number | null },
  ): void {
    const key = `${reader.tokenId}:${feed.id}`;
    const known = this.#reads.get(key);
    if (!known && this.#reads.size >= MAX_READS) return;
    this.#reads.set(key, {
      tokenId: reader.tokenId,
      feedId: feed.id,
      partnerId: reader.partner?.id ?? '',
      releaseNumber: position,
      sequenceNumber: sequenceNumber ?? known?.sequenceNumber ?? null,
      readAt: this.#clock.now(),
    });
  }

  problem(feedId: string, message: string): void {
    this.#problems.set(feedId, message);
  }

  async flush(): Promise<void> {
    const reads = this.#reads;
    this.#reads = new Map();
    for (const [key, read] of reads) {
      // A newer one is not to be overwritten by one that a failure has held up.
      try {
        await keepFeedRead(this.#db(), read);
        reads.delete(key);
      } catch (error) {
        for (const [left, old] of reads) {
          if (!this.#reads.has(left)) this.#reads.set(left, old);
        }
        throw error;
      }
    }
    await this.#flushProblems();
  }

  async #flushProblems(): Promise<void> {
    const at = this.#clock.now();
    const now = performance.now();
    for (const [feedId, message] of [...this.#problems]) {
      const last = this.#problemAt.get(feedId) ?? Number.NEGATIVE_INFINITY;
      if (now - last < PROBLEM_MS) continue;
      const problem = message.slice(0, PROBLEM_LENGTH);
      await keepFeedProblem(this.#db(), feedId, { problem, at });
      this.#problems.delete(feedId);
      this.#problemAt.set(feedId, now);
    }
  }
}
