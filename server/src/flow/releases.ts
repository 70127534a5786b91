import type { Sequenced } from './sequence';

const NOTHING: Sequenced = { events: 0, deliveries: 0, waiting: 0, lastRelease: null, more: false };

/**
 * When events that were approved late are looked for: when an approval was given in this process, and every so often for those
 * given in others. Not with every batch, because nothing between an editor's commit and the receiver may cost a round trip.
 */
export class Releases {
  readonly #pollMs: number;
  #wanted = true;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor({ pollMs }: { pollMs: number }) {
    this.#pollMs = pollMs;
  }

  /** An event was approved. */
  wanted(): void {
    this.#wanted = true;
  }

  /** Looks if it is time; what is left is looked for again at once, and so is what a failure has kept from being found. */
  async due(look: () => Promise<Sequenced>): Promise<Sequenced> {
    const now = performance.now();
    if (!this.#wanted && now - this.#lookedAt < this.#pollMs) return NOTHING;
    this.#wanted = false;
    this.#lookedAt = now;
    try {
      const done = await look();
      this.#wanted ||= done.more;
      return done;
    } catch (error) {
      this.#wanted = true;
      throw error;
    }
  }
}
