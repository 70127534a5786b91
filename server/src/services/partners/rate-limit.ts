import { minuteOf, quotaOf, startOf } from '../../domain/rate-window';
import type { Quota } from '../../domain/rate-window';
import { Loop } from '../../flow/loop';
import type { Pause } from '../../flow/loop';
import type { Clock, Log } from '../../flow/ports';
import { retryTransient } from '../../flow/retry-transient';
import type { Database } from '../../store/database';
import { touchPartnerTokens } from '../../store/partner-tokens';
import { addTokenUses, deleteTokenUses, readTokenUses } from '../../store/token-uses';

/** How often what was counted is written, and what others have counted is read: so late a limit may take hold. */
const FLUSH_MS = 1_000;

/** While nobody calls. */
const IDLE_MS = 3_600_000;

/** Minutes that are kept of each token, for `GET /usage`: a day and an hour. */
const KEPT_MINUTES = 25 * 60;

/** How often older ones are deleted, in minutes. */
const DELETE_EVERY_MINUTES = 10;

/** What is known of one token in one minute. */
interface Window {
  tokenId: string;
  minute: number;
  /** Counted here and not written yet. */
  pending: number;
  /** Counted by all processes, as of the last flush. */
  written: number;
  /** Whether this use of the token was kept as its last one. */
  touched: boolean;
}

/**
 * Counts requests by token and minute: in memory, and once a second for all tokens in the database, where the processes meet.
 * A request costs no query.
 */
export class RateLimit {
  readonly #parts: { db: () => Database; clock: Clock; log: Log };
  /** The newest of each token that was used of late. */
  readonly #windows = new Map<string, Window>();
  readonly #unwritten = new Set<Window>();
  readonly #loop: Loop;
  #idle = false;
  #deletedAt = 0;

  constructor(parts: { db: () => Database; clock: Clock; log: Log }) {
    this.#parts = parts;
    this.#loop = new Loop({ name: 'Counting requests', step: () => this.#step(), log: parts.log });
  }

  start(): void {
    this.#loop.start();
  }

  /** Writes what was counted last. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.flush().catch((error: unknown) =>
      this.#parts.log.warn('The last requests of partners could not be counted', { error }),
    );
  }

  /**
   * Counts a request, unless the limit is reached.
   *
   * @param limit requests per minute.
   */
  take(tokenId: string, limit: number): { taken: boolean; quota: Quota } {
    const now = this.#parts.clock.now();
    const window = this.#window(tokenId, minuteOf(now));
    const used = window.written + window.pending;
    if (used >= limit) return { taken: false, quota: quotaOf(limit, used, now) };
    window.pending += 1;
    this.#unwritten.add(window);
    if (this.#idle) {
      this.#idle = false;
      this.#loop.wake();
    }
    return { taken: true, quota: quotaOf(limit, used + 1, now) };
  }

  /** How the limit stands, without counting. */
  quota(tokenId: string, limit: number): Quota {
    const now = this.#parts.clock.now();
    const known = this.#windows.get(tokenId);
    const used = known?.minute === minuteOf(now) ? known.written + known.pending : 0;
    return quotaOf(limit, used, now);
  }

  /** Writes what was counted here, and reads what all have counted. What cannot be written is kept for the next time. */
  async flush(): Promise<void> {
    const minute = minuteOf(this.#parts.clock.now());
    await this.#write();
    for (const [tokenId, window] of this.#windows) {
      if (window.minute < minute) this.#windows.delete(tokenId);
    }
    await this.#readOthers(minute);
  }

  async #write(): Promise<void> {
    const db = this.#parts.db();
    const batch = [...this.#unwritten].map((window) => ({ window, requests: window.pending }));
    if (batch.length === 0) return;
    await retryTransient(() =>
      addTokenUses(
        db,
        batch.map(({ window: { tokenId, minute }, requests }) => ({ tokenId, minute, requests })),
      ),
    );
    for (const { window, requests } of batch) {
      window.pending -= requests;
      window.written += requests;
      if (window.pending === 0) this.#unwritten.delete(window);
    }
    await this.#touch(batch.map(({ window }) => window));
  }

  async #touch(windows: Window[]): Promise<void> {
    const now = this.#parts.clock.now();
    const due = windows.filter(({ touched }) => !touched);
    const tokenIds = [...new Set(due.map(({ tokenId }) => tokenId))];
    const knownSince = startOf(minuteOf(now));
    await touchPartnerTokens(this.#parts.db(), { tokenIds, now, knownSince });
    for (const window of due) window.touched = true;
  }

  async #readOthers(minute: number): Promise<void> {
    const tokenIds = [...this.#windows.keys()];
    const counted = await readTokenUses(this.#parts.db(), { tokenIds, minute });
    for (const [tokenId, requests] of counted) {
      const window = this.#windows.get(tokenId);
      // What was written meanwhile may be in it already, or not yet.
      if (window?.minute === minute) window.written = Math.max(window.written, requests);
    }
  }

  #window(tokenId: string, minute: number): Window {
    const known = this.#windows.get(tokenId);
    if (known?.minute === minute) return known;
    const window = { tokenId, minute, pending: 0, written: 0, touched: false };
    this.#windows.set(tokenId, window);
    return window;
  }

  async #step(): Promise<Pause> {
    await this.flush();
    const minute = minuteOf(this.#parts.clock.now());
    if (minute >= this.#deletedAt + DELETE_EVERY_MINUTES) {
      await deleteTokenUses(this.#parts.db(), minute - KEPT_MINUTES);
      this.#deletedAt = minute;
    }
    this.#idle = this.#windows.size === 0 && this.#unwritten.size === 0;
    return { sleepMs: this.#idle ? IDLE_MS : FLUSH_MS };
  }
}
