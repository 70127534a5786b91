import { cancelOrphans } from '../../store/cancel-orphans';
import type { Database } from '../../store/database';
import { extendLeases, reclaimExpiredLeases, releaseLeases } from '../../store/leases';
import type { Clock, Log } from '../ports';
import { retryTransient } from '../retry-transient';
import type { Job } from './attempt';

export interface HeldLeasesInput {
  db: Database;
  clock: Clock;
  log: Log;
  owner: string;
  leaseMs: number;
}

/** What is leased to this process and neither written nor given up: what its heartbeat speaks for. */
export class HeldLeases {
  readonly #input: HeldLeasesInput;
  readonly #ids = new Set<number>();

  constructor(input: HeldLeasesInput) {
    this.#input = input;
  }

  /** When a lease that begins now runs out. */
  end(): Date {
    return new Date(this.#input.clock.now().getTime() + this.#input.leaseMs);
  }

  add(id: number): void {
    this.#ids.add(id);
  }

  forget(ids: number[]): void {
    for (const id of ids) this.#ids.delete(id);
  }

  /** Extends what is held, and frees what other processes have left behind; tells whether there was any. */
  async beat(): Promise<boolean> {
    const { db, clock, log, owner } = this.#input;
    if (this.#ids.size > 0) {
      const ids = [...this.#ids];
      await retryTransient(() => extendLeases(db, { owner, ids, until: this.end() }));
    }
    const reclaimed = await retryTransient(() => reclaimExpiredLeases(db, clock.now()));
    if (reclaimed === 0) {
      return false;
    }
    log.warn('Freed deliveries whose process gave no sign of life', { reclaimed });
    await cancelOrphans(db, { subscriptionIds: null, now: clock.now() });
    return true;
  }

  /** Gives back what has not begun. */
  async giveBack(jobs: Job[]): Promise<void> {
    if (jobs.length === 0) {
      return;
    }
    const { db, clock, owner } = this.#input;
    const ids = jobs.map((job) => job.delivery.id);
    // Not held any more, given back or not: else the heartbeat would keep for ever what could not be given back.
    this.forget(ids);
    await releaseLeases(db, { owner, ids });
    const subscriptionIds = [...new Set(jobs.map((job) => job.delivery.subscriptionId))];
    await cancelOrphans(db, { subscriptionIds, now: clock.now() });
  }
}
