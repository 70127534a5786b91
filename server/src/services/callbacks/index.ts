import type { KnownPartners } from '../partners/known-partners';
import type { OutsideParts } from '../outside-parts';
import { Callbacks } from './callbacks';
import { ConsumptionReports } from './consumption';
import { missedCallbacks } from './missed';
import { SignatureAccess } from './signature-access';

/** What partners answer and report, and what follows where they do not. */
export function createCallbacks(parts: OutsideParts, { known }: { known: KnownPartners }) {
  const { options, db, own, secrets, catalogue, factory, committed, deliveryFailed } = parts;
  const { clock, log } = parts;
  const shared = { db, transaction: own, deliveryFailed, committed, clock };
  const missed = missedCallbacks({ ...shared, log });
  const works = options.role !== 'producer';
  return {
    services: {
      callbacks: new Callbacks({ ...shared, catalogue, factory }),
      consumption: new ConsumptionReports(db),
      signatureAccess: new SignatureAccess({ db, secrets, known, clock }),
    },
    start(): void {
      if (works) missed.start();
    },
    async stop(): Promise<void> {
      if (works) await missed.stop();
    },
  };
}
