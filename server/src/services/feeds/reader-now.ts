import { errors } from '@strapi/utils';
import type { Clock } from '../../flow/ports';
import type { KnownPartners } from '../partners/known-partners';
import type { ApiTokens } from './api-tokens';
import { apiTokenIdOf } from './reader';
import type { FeedReader } from './reader';

interface ReaderNowPorts {
  known: Pick<KnownPartners, 'tokenById'>;
  apiTokens: Pick<ApiTokens, 'isGood'>;
  clock: Pick<Clock, 'now'>;
}

/**
 * A reader of a request that is held open, by its partner and its token as they stand now.
 *
 * @throws UnauthorizedError where the token was revoked or has expired; ForbiddenError where its partner is suspended, or the
 *   token may read no feeds.
 */
export async function readerNow(
  reader: FeedReader,
  { known, apiTokens, clock }: ReaderNowPorts,
): Promise<FeedReader> {
  if (reader.partner === null) {
    if (await apiTokens.isGood(apiTokenIdOf(reader))) return { ...reader, standing: null };
    throw goodNoMore();
  }
  const token = await known.tokenById(reader.tokenId);
  if (token === null || (token.expiresAt !== null && token.expiresAt <= clock.now())) {
    throw goodNoMore();
  }
  const { partner, scopes, expiresAt } = token;
  if (partner.settings.state === 'suspended' || !scopes.includes('feeds:read')) {
    throw new errors.ForbiddenError('This token may not read feeds any more', {
      code: 'forbidden',
    });
  }
  return { tokenId: reader.tokenId, partner, standing: null, expiresAt };
}

function goodNoMore(): Error {
  return new errors.UnauthorizedError('This token is good no more', { code: 'token_unknown' });
}
