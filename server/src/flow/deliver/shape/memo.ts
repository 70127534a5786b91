interface Entry<Value> {
  promise: Promise<Value>;
  madeAt: number;
  size: number;
}

/**
 * Keeps what was made a moment ago, by key, so that what many ask for at once is made once. Bounded in entries, bytes and
 * age; the oldest go first. What was made in vain (null size) is not kept.
 */
export class Memo<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #limits: { entries: number; bytes: number; ageMs: number };
  readonly #now: () => number;
  readonly #sizeOf: (value: Value) => number | null;
  #bytes = 0;

  constructor(input: {
    entries: number;
    bytes: number;
    ageMs: number;
    now: () => number;
    sizeOf: (value: Value) => number | null;
  }) {
    this.#limits = input;
    this.#now = input.now;
    this.#sizeOf = input.sizeOf;
  }

  async get(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key);
    if (known && this.#now() - known.madeAt < this.#limits.ageMs) return known.promise;
    if (known) this.#drop(key, known);
    const entry: Entry<Value> = { promise: make(), madeAt: this.#now(), size: 0 };
    this.#entries.set(key, entry);
    try {
      const value = await entry.promise;
      const size = this.#sizeOf(value);
      if (size === null) this.#drop(key, entry);
      else this.#weigh(key, entry, size);
      return value;
    } catch (error) {
      this.#drop(key, entry);
      throw error;
    }
  }

  #weigh(key: string, entry: Entry<Value>, size: number): void {
    // It may have been dropped while it was made.
    if (this.#entries.get(key) !== entry) return;
    entry.size = size;
    this.#bytes += size;
    for (const [oldest, old] of this.#entries) {
      if (this.#entries.size <= this.#limits.entries && this.#bytes <= this.#limits.bytes) return;
      this.#drop(oldest, old);
    }
  }

  #drop(key: string, entry: Entry<Value>): void {
    if (this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.size;
  }
}
