import type { Database } from '../../store/database';
import { readLogState } from '../../store/log-state';
import type { Head } from './head';

/** How things stand at the beginning of a request. */
export interface Standing {
  /** The last release number given: nothing beyond it is read. */
  head: number;
  configVersion: number;
}

/** How old an answer may be for whom nothing has come. */
const LATELY_MS = 5_000;

/** Reads how things stand: once for all who ask at the same time. */
export class LogEnd {
  readonly #db: () => Database;
  readonly #head: Pick<Head, 'position' | 'moved'>;
  #reading: Promise<unknown> = Promise.resolve();
  #next: Promise<Standing> | null = null;
  #last: { at: number; configVersion: number } | null = null;

  constructor(ports: { db: () => Database; head: Pick<Head, 'position' | 'moved'> }) {
    this.#db = ports.db;
    this.#head = ports.head;
  }

  /** Never older than the question: who asks while it is read is given what is read after that. */
  async current(): Promise<Standing> {
    this.#next ??= this.#reading.then(() => {
      this.#next = null;
      const reading = this.#read();
      this.#reading = reading.catch(() => undefined);
      return reading;
    });
    return this.#next;
  }

  /** As it was read a moment ago: those for whom nothing has come ask at all times, and must not cost a query each. */
  async lately(): Promise<Standing> {
    const last = this.#last;
    if (last === null || performance.now() - last.at > LATELY_MS) return this.current();
    return { head: this.#head.position, configVersion: last.configVersion };
  }

  async #read(): Promise<Standing> {
    const at = performance.now();
    const { released, configVersion } = await readLogState(this.#db());
    this.#head.moved(released);
    this.#last = { at, configVersion };
    return { head: this.#head.position, configVersion };
  }
}
