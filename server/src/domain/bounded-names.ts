/** What stands for every name beyond the limit. */
const OTHER = 'other';

/**
 * Lets the first so many names through as they are, and every further one as `other`: for labels of metrics, of which each
 * value costs memory here and in whoever collects them, for good.
 */
export class BoundedNames {
  readonly #limit: number;
  readonly #known = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  of(name: string): string {
    if (this.#known.has(name)) {
      return name;
    }
    if (this.#known.size >= this.#limit) {
      return OTHER;
    }
    this.#known.add(name);
    return name;
  }
}
