import type { Found } from './find';

/** Events of pages that are kept, over all pages: a hundred bytes each. */
const MAX_EVENTS = 100_000;

/**
 * Which events full pages show. Nothing is ever released before what was released, so a page that was full once shows the same
 * events for ever, and need not be looked for again. The pages used longest ago go first.
 */
export class KeptPages {
  readonly #pages = new Map<string, Found>();
  #events = 0;

  /** @param key of a rule, a position and a number of events. */
  get(key: string): Found | null {
    const known = this.#pages.get(key);
    if (!known) return null;
    this.#pages.delete(key);
    this.#pages.set(key, known);
    return known;
  }

  /** Keeps a page that is full; not the bytes of its events, which may be large. */
  keep(key: string, found: Found, limit: number): void {
    if (!found.hasMore || found.matches.length < limit || this.#pages.has(key)) return;
    const matches = found.matches.map((match) => ({ ...match, whole: null }));
    this.#pages.set(key, { ...found, matches });
    this.#events += matches.length;
    for (const [oldest, page] of this.#pages) {
      if (this.#events <= MAX_EVENTS) return;
      this.#pages.delete(oldest);
      this.#events -= page.matches.length;
    }
  }
}
