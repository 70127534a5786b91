import type { Log } from '../ports';

/** Results written in one transaction, at most. */
const MAX_BATCH = 500;

/** Results are gathered for so many times as long as the last write took: then writing takes a quarter of the time. */
const GATHER_PER_WRITE = 3;

/** However slow the database is, a result waits no longer than this for others. */
const MAX_GATHER_MS = 100;

export interface ResultBufferInput<Result> {
  write: (results: Result[]) => Promise<void>;
  /** The least that results are gathered for. */
  flushMs: number;
  log: Log;
}

/**
 * Gathers results and writes them many to a transaction, one transaction at a time: measured on prototypes (November
 * 2026), a transaction per result is 6 to 17 times slower. How long it gathers follows from what a write takes, so that
 * a slow disk makes the batches larger instead of taking up all the time.
 */
export class ResultBuffer<Result> {
  readonly #input: ResultBufferInput<Result>;
  #pending: Result[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** The write under way. */
  #writing: Promise<void> | null = null;
  #lastWriteMs = 0;

  constructor(input: ResultBufferInput<Result>) {
    this.#input = input;
  }

  add(result: Result): void {
    this.#pending.push(result);
    if (!this.#writing) this.#plan();
  }

  /** Writes what is there; resolves when it is written. Never rejects. */
  async flush(): Promise<void> {
    while (this.#writing || this.#pending.length > 0) {
      await (this.#writing ?? this.#begin());
    }
  }

  /** Writes now what fills a batch, and what does not when it has been gathered for long enough. */
  #plan(): void {
    if (this.#pending.length >= MAX_BATCH) {
      void this.#begin();
    } else if (this.#pending.length > 0) {
      this.#timer ??= setTimeout(() => void this.#begin(), this.#gatherMs);
    }
  }

  get #gatherMs(): number {
    const share = Math.min(GATHER_PER_WRITE * this.#lastWriteMs, MAX_GATHER_MS);
    return Math.max(this.#input.flushMs, share);
  }

  #begin(): Promise<void> {
    if (this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
    this.#writing = this.#writeBatch().finally(() => {
      this.#writing = null;
      this.#plan();
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#pending.splice(0, MAX_BATCH);
    const began = performance.now();
    try {
      await this.#input.write(batch);
    } catch (error) {
      this.#input.log.error('Results of deliveries could not be written; they will be sent again', {
        results: batch.length,
        error,
      });
    }
    this.#lastWriteMs = performance.now() - began;
  }
}
