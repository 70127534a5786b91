import { Loop } from '../loop';
import type { Pause } from '../loop';
import type { Clock, Log } from '../ports';
import { clearFeedView, retireFeedView } from '../../store/feed-views';
import type { ReleasedEvent } from '../../store/released-events';
import { indexChunk, readChunk } from './index-chunk';
import type { IndexPorts } from './index-chunk';
import type { LogEnd } from './log-end';
import type { View } from './view';
import type { Views } from './views';

/** How far a view may lie behind before the next sweep, and how often there is one, while views are in use, and else. */
const LAG = 500;
const SWEEP_MS = 2_000;
const IDLE_MS = 60_000;

/** Views moved on in one step. */
const VIEWS_PER_STEP = 10;

/** After so long without use a view is removed; how often that is looked for, and rows removed in one statement. */
const UNUSED_MS = 30 * 86_400_000;
const LOOK_FOR_UNUSED_MS = 3_600_000;
const REMOVED = 500;

/** Keeps the indexes of the views in use near the end of the log, in the background, and on demand. */
export class Indexer {
  readonly #ports: IndexPorts & {
    views: Views;
    end: LogEnd;
    clock: Pick<Clock, 'now'>;
    /** A condition could not be evaluated. */
    problem: (view: View, message: string) => void;
  };
  readonly #loop: Loop;
  readonly #moving = new Map<View, Promise<boolean>>();
  #chunk: { after: number; upTo: number; to: number; events: ReleasedEvent[] } | null = null;
  #lookedForUnused = Number.NEGATIVE_INFINITY;
  #retired: number | null = null;

  constructor(
    ports: IndexPorts & {
      views: Views;
      end: LogEnd;
      clock: Pick<Clock, 'now'>;
      problem: (view: View, message: string) => void;
      log: Log;
    },
  ) {
    this.#ports = ports;
    this.#loop = new Loop({ name: 'Indexing feeds', step: () => this.#step(), log: ports.log });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** A view has come into use. */
  wake(): void {
    this.#loop.wake();
  }

  /**
   * Moves a view on towards a position, for at most so long.
   *
   * @returns whether it is there.
   */
  async catchUp(view: View, upTo: number, budgetMs: number): Promise<boolean> {
    const until = performance.now() + budgetMs;
    while (view.indexedUntil < upTo) {
      if (performance.now() > until || !(await this.#move(view, upTo))) {
        return view.indexedUntil >= upTo;
      }
    }
    return true;
  }

  async #step(): Promise<Pause> {
    await this.#removeUnused();
    const { views, end } = this.#ports;
    views.forget();
    const { all } = views;
    if (all.length === 0) return { sleepMs: this.#retired === null ? IDLE_MS : SWEEP_MS };
    const { head } = await end.current();
    const began = performance.now();
    const behind = all
      .filter(({ indexedUntil }) => indexedUntil < head)
      .sort((a, b) => a.indexedUntil - b.indexedUntil)
      .slice(0, VIEWS_PER_STEP);
    let moved = false;
    for (const view of behind) moved = (await this.#move(view, head)) || moved;
    this.#chunk = null;
    const lagging = moved && all.some(({ indexedUntil }) => head - indexedUntil > LAG);
    // As long as it has worked, others have the database.
    return { sleepMs: lagging ? Math.min(performance.now() - began, SWEEP_MS) : SWEEP_MS };
  }

  /** One chunk, once at a time for each view. @returns whether it came further, here or elsewhere. */
  async #move(view: View, upTo: number): Promise<boolean> {
    let moving = this.#moving.get(view);
    if (!moving) {
      moving = this.#moveOn(view, upTo).finally(() => this.#moving.delete(view));
      this.#moving.set(view, moving);
    }
    return moving;
  }

  async #moveOn(view: View, upTo: number): Promise<boolean> {
    const from = view.indexedUntil;
    const chunk = await this.#read(from, upTo);
    const done = await indexChunk(this.#ports, view, chunk);
    if (done.problem !== null) this.#ports.problem(view, done.problem);
    if (done.lost) {
      await this.#ports.views.follow(view);
      return view.indexedUntil > from;
    }
    view.indexedUntil = Math.max(view.indexedUntil, done.to);
    return view.indexedUntil > from && !done.stuck;
  }

  /** Views at the same place read the log once. */
  async #read(after: number, upTo: number): Promise<{ events: ReleasedEvent[]; to: number }> {
    const known = this.#chunk;
    if (known?.after === after && known.upTo === upTo) return known;
    const chunk = { after, upTo, ...(await readChunk(this.#ports.db(), { after, upTo })) };
    this.#chunk = chunk;
    return chunk;
  }

  /** A little of one view that nobody uses, at a time. */
  async #removeUnused(): Promise<void> {
    const { db, clock } = this.#ports;
    const now = performance.now();
    if (this.#retired === null && now - this.#lookedForUnused < LOOK_FOR_UNUSED_MS) return;
    if (this.#retired === null) {
      this.#retired = await retireFeedView(db(), new Date(clock.now().getTime() - UNUSED_MS));
      if (this.#retired === null) this.#lookedForUnused = now;
      return;
    }
    const more = await clearFeedView(db(), { id: this.#retired, limit: REMOVED });
    if (!more) this.#retired = null;
  }
}
