import type { Found } from './find';

/** Events on all pages that are kept, at most: about ten megabytes. */
const MAX_MATCHES = 100_000;

/**
 * Which events stand on pages that were read a while ago. A full page that lies within the index stays as it is for ever: only
 * its events, which are read when it is written, may be gone. Many readers of one feed ask for the same pages.
 */
export class KnownPages {
  readonly #pages = new Map<string, Found>();
  #matches = 0;

  get(key: string): Found | null {
    const found = this.#pages.get(key);
    if (!found) return null;
    // To the end of the row: what was not asked for longest goes first.
    this.#pages.delete(key);
    this.#pages.set(key, found);
    return found;
  }

  keep(key: string, { matches, hasMore, reached }: Found): void {
    if (this.#pages.has(key)) return;
    this.#pages.set(key, {
      matches: matches.map((match) => ({ ...match, whole: null })),
      ...{ hasMore, reached },
    });
    this.#matches += matches.length;
    for (const [oldest, page] of this.#pages) {
      if (this.#matches <= MAX_MATCHES) return;
      this.#pages.delete(oldest);
      this.#matches -= page.matches.length;
    }
  }
}
