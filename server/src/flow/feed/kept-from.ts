import type { Database } from '../../store/database';
import { readReleaseFrom } from '../../store/released-events';
import type { Clock } from '../ports';

/** How long an answer is kept: what is a minute too old is still shown. */
const KEPT_MS = 60_000;

const DAY_MS = 86_400_000;

interface Answer {
  until: number;
  position: Promise<number>;
}

/**
 * Where a feed begins: the last release number that it does not go back to. Looked for by halves, because events are released
 * in the order of time, and asked for once a minute for all feeds that go as far back.
 */
export class KeptFrom {
  readonly #db: () => Database;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #answers = new Map<number | null, Answer>();

  constructor(ports: { db: () => Database; clock: Pick<Clock, 'now'> }) {
    this.#db = ports.db;
    this.#clock = ports.clock;
  }

  /**
   * @param maxAgeDays null: as far as the log goes.
   * @param head the end of the log.
   */
  async position(maxAgeDays: number | null, head: number): Promise<number> {
    const now = this.#clock.now().getTime();
    const known = this.#answers.get(maxAgeDays);
    if (known && now < known.until) return known.position;
    const position = this.#find(maxAgeDays, { head, now });
    const answer = { until: now + KEPT_MS, position };
    this.#answers.set(maxAgeDays, answer);
    position.catch(() => {
      if (this.#answers.get(maxAgeDays) === answer) this.#answers.delete(maxAgeDays);
    });
    return position;
  }

  async #find(maxAgeDays: number | null, at: { head: number; now: number }): Promise<number> {
    const db = this.#db();
    const first = await readReleaseFrom(db, 0);
    // Of an empty log nothing was missed, unless it had something once.
    if (first === null) return at.head;
    if (maxAgeDays === null) return first.releaseNumber - 1;
    const oldest = at.now - maxAgeDays * DAY_MS;
    if (first.releasedAt.getTime() >= oldest) return first.releaseNumber - 1;
    // Between a release that is too old and the end.
    let tooOld = first.releaseNumber;
    let end = at.head + 1;
    while (end - tooOld > 1) {
      const middle = Math.floor((tooOld + end) / 2);
      const release = await readReleaseFrom(db, middle);
      if (release === null || release.releasedAt.getTime() >= oldest) end = middle;
      else tooOld = Math.max(middle, release.releaseNumber);
    }
    return tooOld;
  }
}
