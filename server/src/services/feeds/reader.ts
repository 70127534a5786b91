import type { Context } from 'koa';
import { errors } from '@strapi/utils';
import type { PartnerSettings } from '../../contracts/partner';
import type { PartnerRule } from '../../domain/partner-rule';
import type { Standing } from '../../flow/feed/log-end';
import { API_TOKENS, callerOf } from '../partners/caller';

/** Who reads a feed. */
export interface FeedReader {
  /** Under which it is kept how far it has read; at most 36 characters. */
  tokenId: string;
  /** Null: one of our own, with a Strapi API token. */
  partner: { id: string; settings: PartnerSettings; rule: PartnerRule } | null;
  /** How things stood when this request was let in, so that it is not asked again; null where that is not known (any more). */
  standing: Standing | null;
  /** When the token ends; null: never, or nobody here knows. */
  expiresAt: Date | null;
}

/** How the id of a Strapi API token is told from that of a partner's. */
const API_TOKEN_MARK = 'api-token-';

/** The id of a reader's token at Strapi. */
export function apiTokenIdOf({ tokenId }: FeedReader): string {
  return tokenId.slice(API_TOKEN_MARK.length);
}

/** @throws ForbiddenError for who is neither a partner with a token nor has a Strapi API token. */
export function readerOf(ctx: Context): FeedReader {
  const caller = callerOf(ctx);
  if (caller?.token) {
    const { partnerId, partner, rule, token, standing } = caller;
    return {
      tokenId: token.id,
      partner: { id: partnerId, settings: partner, rule },
      standing,
      expiresAt: token.expiresAt,
    };
  }
  const { auth } = ctx.state as {
    auth?: { strategy?: { name?: string }; credentials?: { id?: number | string } };
  };
  if (caller === null && auth?.strategy?.name === API_TOKENS) {
    return {
      tokenId: `${API_TOKEN_MARK}${auth.credentials?.id ?? ''}`,
      partner: null,
      standing: null,
      expiresAt: null,
    };
  }
  throw new errors.ForbiddenError('Feeds are read with a token', { code: 'forbidden' });
}
