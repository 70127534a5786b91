import type { Log } from '../ports';
import { retryTransient } from '../retry-transient';
import type { Target } from './ports';

/** The subscriptions as this process knows them: loaded with every claim, and as soon as they have changed. */
export class KnownTargets {
  readonly #read: () => Promise<Map<string, Target>>;
  readonly #log: Log;
  #targets = new Map<string, Target>();
  #refreshing: Promise<void> | null = null;

  constructor(input: { read: () => Promise<Map<string, Target>>; log: Log }) {
    this.#read = input.read;
    this.#log = input.log;
  }

  get(subscriptionId: string): Target | null {
    return this.#targets.get(subscriptionId) ?? null;
  }

  /** Requests to a subscription under way at once. */
  placesOf(subscriptionId: string): number {
    return this.#targets.get(subscriptionId)?.concurrency ?? 1;
  }

  /** Takes over what somebody else has just loaded. */
  replace(targets: Map<string, Target>): void {
    this.#targets = targets;
  }

  async load(): Promise<void> {
    this.#targets = await this.#read();
  }

  /** They have changed: {@link refreshing} is set until they are known. */
  changed(): void {
    const refreshing = this.#refresh().finally(() => {
      if (this.#refreshing === refreshing) this.#refreshing = null;
    });
    this.#refreshing = refreshing;
  }

  /** Set while changed ones are being loaded. */
  get refreshing(): Promise<void> | null {
    return this.#refreshing;
  }

  /** Never rejects: while the database cannot be asked, the claiming loop says so. */
  async #refresh(): Promise<void> {
    try {
      await retryTransient(() => this.load());
    } catch (error) {
      this.#log.warn('Changed subscriptions could not be loaded; the next claim tries it', {
        error,
      });
    }
  }
}
