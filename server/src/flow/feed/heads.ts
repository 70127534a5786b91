import type { Database } from '../../store/database';
import { readReleased } from '../../store/read-released';
import type { Head } from './head';

/** So long is what this process knows of the log's end taken for true: others may have released something. */
const TRUSTED_MS = 1_000;

/** The end of the log at the beginning of a request: read once for all that ask within a second. */
export class Heads {
  readonly #db: () => Database;
  readonly #head: Pick<Head, 'position' | 'moved'>;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(ports: { db: () => Database; head: Pick<Head, 'position' | 'moved'> }) {
    this.#db = ports.db;
    this.#head = ports.head;
  }

  async current(): Promise<number> {
    if (performance.now() - this.#readAt >= TRUSTED_MS) await this.read();
    return this.#head.position;
  }

  /** Asks the database. */
  async read(): Promise<number> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
    return this.#head.position;
  }

  async #read(): Promise<void> {
    const began = performance.now();
    this.#head.moved(await readReleased(this.#db()));
    this.#readAt = began;
  }
}
