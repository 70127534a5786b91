import type { Log } from './ports';

/** What a step says about the next one: at once, or after so many milliseconds unless woken before. */
export type Pause = 'again' | { sleepMs: number };

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 30_000;

/**
 * Runs a step again and again: at once while there is work, when woken, and every so often as a safety net.
 *
 * It is one long asynchronous function, started at bootstrap. So its steps never run in the context of whoever wakes
 * it: work begun in a request's or a transaction's context would join that transaction, or call its commit callbacks
 * a second time.
 */
export class Loop {
  readonly #name: string;
  readonly #step: () => Promise<Pause>;
  readonly #log: Log;
  #woken = false;
  #stopping = false;
  #failures = 0;
  #interrupt: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(input: { name: string; step: () => Promise<Pause>; log: Log }) {
    this.#name = input.name;
    this.#step = input.step;
    this.#log = input.log;
  }

  start(): void {
    this.#stopping = false;
    this.#running = this.#run();
  }

  /** Asks for a step soon; safe to call from anywhere, as often as one likes. */
  wake(): void {
    this.#woken = true;
    this.#interrupt?.();
  }

  /** Lets the step under way finish and ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#interrupt?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#woken = false;
      const pause = await this.#runStep();
      if (pause !== 'again' && !this.#woken && !this.#stopping) {
        await this.#sleep(pause.sleepMs);
      }
    }
  }

  async #runStep(): Promise<Pause> {
    try {
      const pause = await this.#step();
      this.#failures = 0;
      return pause;
    } catch (error) {
      this.#failures += 1;
      const sleepMs = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#failures - 1), MAX_BACKOFF_MS);
      this.#log.error(`${this.#name} failed and tries again in ${sleepMs} ms`, { error });
      await this.#sleepThrough(sleepMs);
      return 'again';
    }
  }

  /** Ends early when woken. */
  async #sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#interrupt = null;
  }

  /** Ends early only when the loop stops: after a failure, wake-ups must not turn the pause into a busy loop. */
  async #sleepThrough(milliseconds: number): Promise<void> {
    // Not by the wall clock: set back by an hour, it would make this an hour longer.
    const until = performance.now() + milliseconds;
    while (!this.#stopping && performance.now() < until) {
      await this.#sleep(until - performance.now());
    }
  }
}
