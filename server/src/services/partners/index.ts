import type { OutsideParts } from '../outside-parts';
import { Access } from './access';
import { KnownPartners } from './known-partners';
import { OpenRequests } from './open-requests';
import { PartnerTokens } from './partner-tokens';
import { Partners } from './partners';
import { RateLimit } from './rate-limit';

/** Partners, their tokens, and who is let in with one. */
export function createPartners(parts: OutsideParts) {
  const { options, db, joined, secrets, catalogue, newId, clock, changed, log } = parts;
  const known = new KnownPartners({ db, secrets, catalogue });
  const rates = new RateLimit({ db, clock, log });
  const stored = { db, transaction: joined, newId, clock, changed };
  return {
    services: {
      partners: new Partners({ ...stored, secrets, stateChanged: () => Promise.resolve() }),
      partnerTokens: new PartnerTokens(stored),
      partnerAccess: { entry: new Access({ known, clock }), known, rates },
    },
    known,
    openRequests: new OpenRequests({
      perToken: options.feeds.maxOpenPerToken,
      inAll: options.feeds.maxOpen,
    }),
    start: () => rates.start(),
    stop: () => rates.stop(),
  };
}
