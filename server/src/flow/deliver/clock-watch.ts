import type { Clock } from '../ports';

/** A clock is corrected by less than this all the time, and what is due waits that much longer. */
const TOLERANCE_MS = 1_000;

/**
 * Notices that the clock of this process has been set back: then all that was put off by the clock as it was before
 * would wait that much too long.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #elapsed: () => number;
  /** How far the clock is ahead of the time that has really passed. */
  #ahead: number | null = null;

  /** @param elapsed milliseconds of a clock that nobody sets. */
  constructor(clock: Clock, elapsed = () => performance.now()) {
    this.#clock = clock;
    this.#elapsed = elapsed;
  }

  /** Whether it was set back since it was last asked. The first time: nobody knows, so it may have been. */
  wasSetBack(): boolean {
    const ahead = this.#clock.now().getTime() - this.#elapsed();
    const before = this.#ahead;
    const setBack = before === null || before - ahead > TOLERANCE_MS;
    // Small corrections add up only until one is noticed; forward ones put nothing off.
    this.#ahead = setBack || ahead > (before ?? ahead) ? ahead : before;
    return setBack;
  }
}
