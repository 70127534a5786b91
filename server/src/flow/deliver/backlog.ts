import { countBacklog } from '../../store/count-backlog';
import type { Database } from '../../store/database';
import type { Clock } from '../ports';

/** A backlog that a header tells is at most this old. */
const MAX_AGE_MS = 1_000;

/** How much subscriptions are owed, for `X-Delivery-Backlog`: counted at most once a second each. */
export class Backlog {
  readonly #db: Database;
  readonly #clock: Clock;
  #readAt = 0;
  #counts = new Map<string, number>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async of(subscriptionIds: string[]): Promise<ReadonlyMap<string, number>> {
    const now = this.#clock.now().getTime();
    if (Math.abs(now - this.#readAt) > MAX_AGE_MS) {
      this.#readAt = now;
      this.#counts = new Map();
    }
    const unknown = subscriptionIds.filter((id) => !this.#counts.has(id));
    for (const [id, owed] of await countBacklog(this.#db, unknown)) {
      this.#counts.set(id, owed);
    }
    return this.#counts;
  }
}
