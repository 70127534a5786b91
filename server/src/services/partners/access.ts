import { errors } from '@strapi/utils';
import type { Context } from 'koa';
import type { Clock } from '../../flow/ports';
import { PARTNER_STRATEGY } from './caller';
import type { Caller } from './caller';
import { givenToken } from './given-token';
import type { KnownPartners, KnownToken } from './known-partners';

/** What feed readers go by to ask for a token; most know Basic alone. */
const CHALLENGE = 'Bearer realm="newswire", Basic realm="newswire"';

/** What a route for partners says of itself, in `config.auth`: see routes/partners.ts. */
export interface PartnerAuth {
  strategies?: unknown[];
  /** Whether the token may stand in the query. */
  newswireQueryToken?: boolean;
}

/** Strapi's answer of a strategy; one that refuses for good throws instead, since Strapi drops an error's details. */
type Authenticated = { authenticated: false } | { authenticated: true; credentials: Caller };

/** Lets partners in by their tokens. */
export class Access {
  readonly #known: KnownPartners;
  readonly #clock: Clock;

  constructor(parts: { known: KnownPartners; clock: Clock }) {
    this.#known = parts.known;
    this.#clock = parts.clock;
  }

  /**
   * The strategy's part. On a route that does not name it, it says nothing: every strategy is asked on routes that name none,
   * and a partner's token opens no other route.
   *
   * @throws UnauthorizedError (`token_missing`, `token_unknown`, `token_expired`); ForbiddenError (`partner_suspended`,
   *   `network_not_allowed`).
   */
  async authenticate(ctx: Context): Promise<Authenticated> {
    const auth = authOf(ctx);
    if (!auth?.strategies?.includes(PARTNER_STRATEGY)) return { authenticated: false };
    mark(ctx);
    // What a browser sends by itself must not write anything.
    const basic = ctx.method === 'GET' || ctx.method === 'HEAD';
    const given = givenToken(ctx, { basic, query: basic && auth.newswireQueryToken === true });
    if (given.kind !== 'token') {
      if (given.kind === 'other' && auth.strategies.length > 1) return { authenticated: false };
      throw unauthorized(ctx, given.kind);
    }
    const token = await this.#known.token(given.token);
    if (!token) throw unauthorized(ctx, 'other');
    this.#check(ctx, token);
    return { authenticated: true, credentials: callerWith(token) };
  }

  #check(ctx: Context, { expiresAt, partner }: KnownToken): void {
    if (expiresAt !== null && expiresAt <= this.#clock.now()) throw unauthorized(ctx, 'expired');
    if (partner.settings.state === 'suspended') {
      const message = 'This partner is suspended; ask who has given you the token';
      throw new errors.ForbiddenError(message, { code: 'partner_suspended' });
    }
    if (!partner.allows(ctx.request.ip)) {
      const message = 'This token may not be used from this network';
      throw new errors.ForbiddenError(message, { code: 'network_not_allowed' });
    }
  }
}

/** The last of the strategies where Strapi API tokens may call too: nobody was let in, and that is said with a code. */
export function refuseOthers(ctx: Context): Promise<Authenticated> {
  const names = authOf(ctx)?.strategies?.includes(PARTNER_STRATEGY) === true;
  if (names) return Promise.reject(unauthorized(ctx, 'other'));
  return Promise.resolve({ authenticated: false });
}

function authOf(ctx: Context): PartnerAuth | undefined {
  const { route } = ctx.state as { route?: { config?: { auth?: PartnerAuth } } };
  return route?.config?.auth;
}

/** What every answer on a partner's route carries, refusals included. */
function mark(ctx: Context): void {
  ctx.set('Referrer-Policy', 'no-referrer');
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.vary('Authorization');
  ctx.vary('Accept-Encoding');
}

const REFUSALS = {
  none: {
    code: 'token_missing',
    message: 'Send the token that you were given: Authorization: Bearer nwp_…',
  },
  other: { code: 'token_unknown', message: 'This is no token of ours, or it was revoked' },
  expired: { code: 'token_expired', message: 'This token has expired; ask for a new one' },
};

function unauthorized(ctx: Context, why: keyof typeof REFUSALS): Error {
  ctx.set('WWW-Authenticate', CHALLENGE);
  const { code, message } = REFUSALS[why];
  return new errors.UnauthorizedError(message, { code });
}

function callerWith({ id, name, scopes, expiresAt, partner }: KnownToken): Caller {
  return {
    partnerId: partner.id,
    partner: partner.settings,
    rule: partner.rule,
    token: { id, name, scopes, expiresAt },
  };
}
