import type { OutsideParts, WithLogEnd } from '../outside-parts';
import { Access } from './access';
import { Backpressure } from './backpressure';
import { contractOf } from './contract';
import { KnownPartners } from './known-partners';
import { OpenRequests } from './open-requests';
import { PartnerTokens } from './partner-tokens';
import { Partners } from './partners';
import { pauseEnds } from './pause-ends';
import { RateLimit } from './rate-limit';
import { suspensionOf } from './suspension';

/** Partners, their tokens, and who is let in with one. */
export function createPartners(parts: OutsideParts & WithLogEnd) {
  const { options, db, own, joined, secrets, catalogue, operational } = parts;
  const { newId, clock, changed, log } = parts;
  const known = new KnownPartners({ db, end: parts.end, secrets, catalogue });
  const rates = new RateLimit({ db, clock, log });
  const stored = { db, transaction: joined, newId, clock, changed };
  const ends = pauseEnds({ db, transaction: own, changed, clock, log });
  const partners = new Partners({
    ...stored,
    secrets,
    changed: () => {
      changed();
      // What a partner's pause that is over has waited for may be that the partner is active again.
      ends.wake();
    },
    stateChanged: suspensionOf({ operational, clock }),
  });
  return {
    services: {
      partners,
      partnerTokens: new PartnerTokens(stored),
      backpressure: new Backpressure({
        transaction: own,
        operational,
        partners,
        clock,
        changed,
        endMoved: () => ends.wake(),
      }),
      contract: contractOf({ db, catalogue, options, routes: parts.routes }),
      partnerAccess: { entry: new Access({ known, clock }), known, rates },
    },
    known,
    openRequests: new OpenRequests({
      perToken: options.feeds.maxOpenPerToken,
      inAll: options.feeds.maxOpen,
    }),
    start(): void {
      rates.start();
      ends.start();
    },
    async stop(): Promise<void> {
      await ends.stop();
      await rates.stop();
    },
  };
}
