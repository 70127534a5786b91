import { cancelOrphans } from '../../store/cancel-orphans';
import type { Database, RunInTransaction } from '../../store/database';
import {
  endLeases,
  extendLeases,
  hasExpiredLeases,
  reclaimExpiredLeases,
  releaseDeliveries,
} from '../../store/leases';
import type { Leased } from '../../store/leases';
import type { Clock, Log } from '../ports';
import { retryTransient } from '../retry-transient';
import type { Job } from './attempt';

export interface HeldLeasesInput {
  db: Database;
  transaction: RunInTransaction;
  clock: Clock;
  log: Log;
  leaseMs: number;
}

/** The leases of this process: what its heartbeat speaks for. */
export class HeldLeases {
  readonly #input: HeldLeasesInput;
  /** By token: how many deliveries are neither written nor given back. */
  readonly #held = new Map<string, number>();
  /** Deliveries whose end could not be written, and when to free them (`performance.now()`). */
  #lost: { leased: Leased[]; freeAt: number }[] = [];
  /** Nothing of them is held any more; their rows are still there. */
  #ended: string[] = [];

  constructor(input: HeldLeasesInput) {
    this.#input = input;
  }

  /** When a lease that begins now runs out. */
  end(): Date {
    return new Date(this.#input.clock.now().getTime() + this.#input.leaseMs);
  }

  /** From here on the heartbeat keeps what was claimed. */
  hold(claimed: readonly Leased[]): void {
    for (const { leaseToken } of claimed) {
      this.#held.set(leaseToken, (this.#held.get(leaseToken) ?? 0) + 1);
    }
  }

  /** These were written or given back. */
  forget(leased: readonly Leased[]): void {
    for (const { leaseToken } of leased) {
      const others = (this.#held.get(leaseToken) ?? 0) - 1;
      if (others > 0) {
        this.#held.set(leaseToken, others);
      } else if (this.#held.delete(leaseToken)) {
        this.#ended.push(leaseToken);
      }
    }
  }

  /** What became of these could not be written: they are freed after a lease's time, as if this process had died. */
  lose(leased: readonly Leased[]): void {
    if (leased.length > 0) {
      const freeAt = performance.now() + this.#input.leaseMs;
      this.#lost.push({ leased: [...leased], freeAt });
    }
  }

  /** Extends what is held, and frees what was lost and what other processes have left behind; tells whether there was any. */
  async beat(): Promise<boolean> {
    const { db, clock } = this.#input;
    await this.tidy();
    const tokens = [...this.#held.keys()];
    if (tokens.length > 0) {
      await retryTransient(() => extendLeases(db, tokens, this.end()));
    }
    const freed = await this.#freeLost();
    const expired = await retryTransient(() => hasExpiredLeases(db, clock.now()));
    return (expired && (await this.#reclaim())) || freed;
  }

  async #freeLost(): Promise<boolean> {
    const now = performance.now();
    const due = this.#lost.filter(({ freeAt }) => freeAt <= now).flatMap(({ leased }) => leased);
    if (due.length === 0) {
      return false;
    }
    await retryTransient(() => releaseDeliveries(this.#input.db, due));
    this.#lost = this.#lost.filter(({ freeAt }) => freeAt > now);
    this.forget(due);
    return true;
  }

  async #reclaim(): Promise<boolean> {
    const { db, transaction, clock, log } = this.#input;
    const reclaimed = await retryTransient(() =>
      transaction((trx) => reclaimExpiredLeases(trx, clock.now())),
    );
    if (reclaimed === 0) {
      return false;
    }
    log.warn('Freed deliveries whose process gave no sign of life', { reclaimed });
    await cancelOrphans(db, { subscriptionIds: null, now: clock.now() });
    return true;
  }

  /** Deletes the rows of leases that have ended. One that stays is no harm: it runs out, and there is nothing to free. */
  async tidy(): Promise<void> {
    const ended = this.#ended.splice(0);
    if (ended.length > 0) {
      await retryTransient(() => endLeases(this.#input.db, ended));
    }
  }

  /** Gives back what has not begun. */
  async giveBack(jobs: Job[]): Promise<void> {
    if (jobs.length === 0) {
      return;
    }
    const { db, clock } = this.#input;
    const leased = jobs.map(({ delivery }) => delivery);
    try {
      await releaseDeliveries(db, leased);
    } catch (error) {
      // Not for ever: the heartbeat would keep what could not be given back.
      this.lose(leased);
      throw error;
    }
    this.forget(leased);
    const subscriptionIds = [...new Set(leased.map(({ subscriptionId }) => subscriptionId))];
    await cancelOrphans(db, { subscriptionIds, now: clock.now() });
  }
}
