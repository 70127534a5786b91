import type { Context } from 'koa';
import type { PartnerSettings, TokenScope } from '../../contracts/partner';
import type { PartnerRule } from '../../domain/partner-rule';
import type { Standing } from '../../flow/feed/log-end';

/** The partner whose token, or whose subscription's signature, has authenticated a request: Strapi's `auth.credentials`. */
export interface Caller {
  partnerId: string;
  partner: PartnerSettings;
  /** What it may have. */
  rule: PartnerRule;
  /** How the log and the configuration stood when it was let in; null where that was not read. */
  standing: Standing | null;
  /** Null where a signature has authenticated it. */
  token: { id: string; name: string; scopes: readonly TokenScope[]; expiresAt: Date | null } | null;
}

/** Name of the auth strategy, which routes for partners name. */
export const PARTNER_STRATEGY = 'newswire-partner';

/** The other one, where a signature with a subscription's secret stands in the token's place. */
export const SIGNATURE_STRATEGY = 'newswire-signature';

/** Strapi's own strategy, for its API tokens. */
export const API_TOKENS = 'content-api-token';

/** Last of the strategies where API tokens may call too: refuses, with a code. */
export const NOBODY_STRATEGY = 'newswire-nobody';

/** Who calls, on a route that partners alone may call. */
export function partnerOf(ctx: Context): Caller {
  const caller = callerOf(ctx);
  if (!caller) throw new Error('A route for partners was called by somebody else');
  return caller;
}

/** Who calls; null where it is no partner but a Strapi API token. */
export function callerOf(ctx: Context): Caller | null {
  const { auth } = ctx.state as {
    auth?: { strategy?: { name?: string }; credentials?: unknown };
  };
  const name = auth?.strategy?.name;
  return name === PARTNER_STRATEGY || name === SIGNATURE_STRATEGY
    ? (auth?.credentials as Caller)
    : null;
}
