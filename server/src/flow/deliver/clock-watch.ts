import type { Clock } from '../ports';

/** A clock is corrected by less than this all the time, and what is due waits that much longer. */
const TOLERANCE_MS = 1_000;

/**
 * The clock of this process, and whether it has been set back: then all that was put off by the clock as it was before
 * would wait that much too long. It looks whenever it is asked for the time, so that no moment goes unnoticed in which the
 * clock was ahead and somebody used it.
 */
export class ClockWatch implements Clock {
  readonly #clock: Clock;
  readonly #elapsed: () => number;
  /** How far the clock has been ahead of the time that has really passed, at the most; null: nobody has asked yet. */
  #ahead: number | null = null;

  /** @param elapsed milliseconds of a clock that nobody sets. */
  constructor(clock: Clock, elapsed = () => performance.now()) {
    this.#clock = clock;
    this.#elapsed = elapsed;
  }

  now(): Date {
    const now = this.#clock.now();
    if (this.#ahead !== null) {
      this.#ahead = Math.max(this.#ahead, now.getTime() - this.#elapsed());
    }
    return now;
  }

  random(): number {
    return this.#clock.random();
  }

  /** Whether it was set back since this was last asked. The first time: nobody knows, so it may have been. */
  wasSetBack(): boolean {
    const ahead = this.now().getTime() - this.#elapsed();
    const setBack = this.#ahead === null || this.#ahead - ahead > TOLERANCE_MS;
    if (setBack) this.#ahead = ahead;
    return setBack;
  }
}
