import { INTERRUPTED, TIMED_OUT } from '../../domain/outcome';

/** How late a deadline may be noticed, in milliseconds. */
const TICK_MS = 25;

/** Something that must end in time. */
export interface Timed {
  /** On the clock of `performance.now()`, which no correction of the system's time moves. */
  readonly deadline: number;
  /** Ends it before its deadline. */
  readonly signal: AbortSignal | undefined;
  /** Where it stands among what is watched; null: nowhere. */
  place: number | null;
  /** Called at most once, when the time is up or the signal has aborted. */
  end(code: typeof TIMED_OUT | typeof INTERRUPTED): void;
}

/**
 * One interval for the deadlines of all exchanges. A timer of their own for each (`AbortSignal.timeout`) was
 * measured to cost 27 % of the throughput, and a listener of each on one signal is a list of hundreds.
 *
 * What is watched stands in an array, each at a place that it is told. Not in a Set: one that is added to and deleted from
 * all the time leaves outgrown tables behind, each of which refers to the next and to all that was in it; once one of
 * them is old, the garbage collector keeps every later exchange until its next full round (measured: 15 µs a delivery).
 */
export class Deadlines {
  readonly #watched: Timed[] = [];
  #timer: NodeJS.Timeout | null = null;

  watch(timed: Timed): void {
    timed.place = this.#watched.push(timed) - 1;
    // It must not keep a process alive whose sockets are gone.
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  forget(timed: Timed): void {
    const { place } = timed;
    if (place === null) return;
    timed.place = null;
    const last = this.#watched.pop();
    if (last === undefined || last === timed) return;
    this.#watched[place] = last;
    last.place = place;
  }

  #tick(): void {
    // Stopped here and not in forget(), so that one exchange after the other does not make a timer each.
    if (this.#watched.length === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
      return;
    }
    const now = performance.now();
    // From the end: what is forgotten leaves its place to the last, which has been looked at by then.
    for (let at = this.#watched.length - 1; at >= 0; at -= 1) {
      const timed = this.#watched[at];
      if (timed === undefined) continue;
      const code = timed.signal?.aborted ? INTERRUPTED : now >= timed.deadline ? TIMED_OUT : null;
      if (code === null) continue;
      this.forget(timed);
      timed.end(code);
    }
  }
}
