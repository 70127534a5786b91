import { INTERRUPTED, TIMED_OUT } from '../../domain/outcome';

/** How late a deadline may be noticed, in milliseconds. */
const TICK_MS = 25;

/** Something that must end in time. */
export interface Timed {
  /** On the clock of `performance.now()`, which no correction of the system's time moves. */
  readonly deadline: number;
  /** Ends it before its deadline. */
  readonly signal: AbortSignal | undefined;
  /** Called at most once, when the time is up or the signal has aborted. */
  end(code: typeof TIMED_OUT | typeof INTERRUPTED): void;
}

/**
 * One interval for the deadlines of all exchanges. A timer of their own for each (`AbortSignal.timeout`) was
 * measured to cost 27 % of the throughput, and a listener of each on one signal is a list of hundreds.
 */
export class Deadlines {
  readonly #watched = new Set<Timed>();
  #timer: NodeJS.Timeout | null = null;

  watch(timed: Timed): void {
    this.#watched.add(timed);
    // It must not keep a process alive whose sockets are gone.
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  forget(timed: Timed): void {
    this.#watched.delete(timed);
  }

  #tick(): void {
    // Stopped here and not in forget(), so that one exchange after the other does not make a timer each.
    if (this.#watched.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
      return;
    }
    const now = performance.now();
    for (const timed of this.#watched) {
      const code = timed.signal?.aborted ? INTERRUPTED : now >= timed.deadline ? TIMED_OUT : null;
      if (code === null) continue;
      this.#watched.delete(timed);
      timed.end(code);
    }
  }
}
