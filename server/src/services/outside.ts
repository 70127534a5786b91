import type { OutsideParts } from './outside-parts';

/** Everything for those outside: partners and their tokens, feeds, and what partners answer back. */
export function createOutside(parts: OutsideParts) {
  void parts;
  return {
    services: {},
    start(): void {
      // Nothing runs by itself yet.
    },
    async stop(): Promise<void> {
      await Promise.resolve();
    },
  };
}
