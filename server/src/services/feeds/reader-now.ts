import { errors } from '@strapi/utils';
import type { Clock } from '../../flow/ports';
import type { KnownPartners } from '../partners/known-partners';
import type { FeedReader } from './reader';

/**
 * A reader of a request that is held open, by its partner and its token as they stand now. A Strapi API token is not looked at:
 * what it reads is our own, and Strapi asks for it with the next request.
 *
 * @throws UnauthorizedError where the token was revoked or has expired; ForbiddenError where its partner is suspended, or the
 *   token may read no feeds.
 */
export async function readerNow(
  reader: FeedReader,
  { known, clock }: { known: Pick<KnownPartners, 'tokenById'>; clock: Pick<Clock, 'now'> },
): Promise<FeedReader> {
  if (reader.partner === null) return reader;
  const token = await known.tokenById(reader.tokenId);
  if (token === null || (token.expiresAt !== null && token.expiresAt <= clock.now())) {
    throw new errors.UnauthorizedError('This token is good no more', { code: 'token_unknown' });
  }
  const { partner, scopes, expiresAt } = token;
  if (partner.settings.state === 'suspended' || !scopes.includes('feeds:read')) {
    throw new errors.ForbiddenError('This token may not read feeds any more', {
      code: 'forbidden',
    });
  }
  return { tokenId: reader.tokenId, partner, expiresAt };
}
