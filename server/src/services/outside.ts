import type { OutsideParts } from './outside-parts';
import { createPartners } from './partners';

/** Everything for those outside: partners and their tokens, feeds, and what partners answer back. */
export function createOutside(parts: OutsideParts) {
  const partners = createPartners(parts);
  return {
    services: { ...partners.services },
    start(): void {
      partners.start();
    },
    async stop(): Promise<void> {
      await partners.stop();
    },
  };
}
