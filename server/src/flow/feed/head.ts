/**
 * The newest release number that this process knows of, and who waits for a newer one. However many readers wait, the
 * database is asked once: when the sequencer of this process has released something it says so, when another process has it
 * announces it, and where nothing can be announced one look a second is taken for all of them, as long as anybody waits.
 */
import { Loop } from '../loop';
import type { Log } from '../ports';

export class Head {
  readonly #read: () => Promise<number>;
  readonly #waiting = new Set<() => void>();
  readonly #loop: Loop;
  #position = 0;

  /** @param ports.read the last release number given, from the database. */
  constructor(ports: { read: () => Promise<number>; pollMs: number; log: Log }) {
    this.#read = ports.read;
    this.#loop = new Loop({
      name: 'Looking for released events',
      step: async () => {
        this.moved(await this.#read());
        return { sleepMs: this.#waiting.size > 0 ? ports.pollMs : IDLE_MS };
      },
      log: ports.log,
    });
  }

  get position(): number {
    return this.#position;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  start(): void {
    this.#loop.start();
  }

  /** Whoever waits is let go. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#letGo();
  }

  /** Events up to this number are released, and can be read. Never goes back. */
  moved(to: number): void {
    if (to <= this.#position) return;
    this.#position = to;
    this.#letGo();
  }

  /** Another process may have released something. */
  wake(): void {
    this.#loop.wake();
  }

  /** Resolves when something after a position is released, or the signal says that nobody waits any more. */
  async next(after: number, signal: AbortSignal): Promise<void> {
    if (this.#position > after || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
      // The first to wait: the loop may be asleep for long.
      if (this.#waiting.size === 1) this.#loop.wake();
    });
  }

  #letGo(): void {
    for (const done of [...this.#waiting]) done();
  }
}

/** While nobody waits. */
const IDLE_MS = 3_600_000;
