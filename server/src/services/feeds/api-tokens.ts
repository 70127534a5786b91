import type { Core } from '@strapi/strapi';
import type { Clock } from '../../flow/ports';

/** What is known of an API token is asked for again after this: streams ask at their heartbeats, all at other times. */
const KNOWN_MS = 10_000;

/** Tokens that something is kept of. */
const MAX_KNOWN = 1_000;

interface StoredToken {
  expiresAt?: string | number | Date | null;
}

/** Whether Strapi's API tokens are still good, asked for once for all requests that one of them holds open. */
export class ApiTokens {
  readonly #strapi: Core.Strapi;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #known = new Map<string, { at: number; good: Promise<boolean> }>();

  constructor(ports: { strapi: Core.Strapi; clock: Pick<Clock, 'now'> }) {
    this.#strapi = ports.strapi;
    this.#clock = ports.clock;
  }

  async isGood(id: string): Promise<boolean> {
    const known = this.#known.get(id);
    if (known && performance.now() - known.at < KNOWN_MS) return known.good;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const good = this.#ask(id);
    this.#known.set(id, { at: performance.now(), good });
    good.catch(() => this.#known.delete(id));
    return good;
  }

  async #ask(id: string): Promise<boolean> {
    const token = (await this.#strapi.db
      .query('admin::api-token')
      .findOne({ where: { id }, select: ['id', 'expiresAt'] })) as StoredToken | null;
    if (token === null) return false;
    const { expiresAt = null } = token;
    return expiresAt === null || new Date(expiresAt) > this.#clock.now();
  }
}
