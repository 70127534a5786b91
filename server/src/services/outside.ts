import { LogEnd } from '../flow/feed/log-end';
import type { OutsideParts } from './outside-parts';
import { createCallbacks } from './callbacks';
import { createFeeds } from './feeds/create-feeds';
import { createPartners } from './partners';
import { usageOf } from './partners/usage';

/** Everything for those outside: partners and their tokens, feeds, and what partners answer back. */
export function createOutside(given: OutsideParts) {
  const parts = { ...given, end: new LogEnd({ db: given.db, head: given.head }) };
  const partners = createPartners(parts);
  const feeds = createFeeds(parts, partners);
  const callbacks = createCallbacks(parts, partners);
  return {
    services: {
      ...{ ...partners.services, ...feeds.services, ...callbacks.services },
      usage: usageOf({
        db: parts.db,
        rates: partners.services.partnerAccess.rates,
        feeds: feeds.usageOf,
        clock: parts.clock,
      }),
    },
    start(): void {
      partners.start();
      feeds.start();
      callbacks.start();
    },
    async stop(): Promise<void> {
      await callbacks.stop();
      await feeds.stop();
      await partners.stop();
    },
  };
}
