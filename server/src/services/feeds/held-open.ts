/**
 * Requests that are held open: each ends when its time is up, when its reader goes away, or when the process stops. One
 * controller each, because signals joined by `AbortSignal.any` are kept alive as long as the longest of them.
 */
export class HeldOpen {
  readonly #held = new Set<AbortController>();
  #stopping = false;

  get count(): number {
    return this.#held.size;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * @param onClose calls back when the reader has gone; gives what takes the callback away.
   * @returns the signal, and what must be called when the request is answered.
   */
  hold(
    ms: number | null,
    onClose: (gone: () => void) => () => void,
  ): { signal: AbortSignal; release: () => void } {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = ms === null ? undefined : setTimeout(abort, ms);
    const forget = onClose(abort);
    this.#held.add(controller);
    if (this.#stopping) abort();
    return {
      signal: controller.signal,
      release: () => {
        clearTimeout(timer);
        forget();
        this.#held.delete(controller);
      },
    };
  }

  /** Lets all of them end. */
  stop(): void {
    this.#stopping = true;
    for (const controller of this.#held) controller.abort();
  }

  start(): void {
    this.#stopping = false;
  }
}
