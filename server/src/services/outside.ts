import type { OutsideParts } from './outside-parts';
import { createCallbacks } from './callbacks';
import { createPartners } from './partners';

/** Everything for those outside: partners and their tokens, feeds, and what partners answer back. */
export function createOutside(parts: OutsideParts) {
  const partners = createPartners(parts);
  const callbacks = createCallbacks(parts, partners);
  return {
    services: { ...partners.services, ...callbacks.services },
    start(): void {
      partners.start();
      callbacks.start();
    },
    async stop(): Promise<void> {
      await callbacks.stop();
      await partners.stop();
    },
  };
}
