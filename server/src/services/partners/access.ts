import type { Context } from 'koa';
import type { Standing } from '../../flow/feed/log-end';
import type { Clock } from '../../flow/ports';
import { PARTNER_STRATEGY } from './caller';
import type { Caller } from './caller';
import { givenToken } from './given-token';
import type { KnownPartners, KnownToken } from './known-partners';
import { Refusal } from './refusal';

/** What feed readers go by to ask for a token; most know Basic alone. */
const CHALLENGE = 'Bearer realm="newswire", Basic realm="newswire"';

/** What a route for partners says of itself, in `config.auth`: see routes/partners.ts. */
export interface PartnerAuth {
  strategies?: unknown[];
  /** Whether the token may stand in the query. */
  newswireQueryToken?: boolean;
}

/** What Strapi is told by a strategy. */
type Authenticated =
  | { authenticated: true; credentials: Caller }
  /** Without an error the next strategy is asked. */
  | { authenticated: false; error?: Refusal };

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
   * @returns who it is; or a refusal with 401 (`token_missing`, `token_unknown`, `token_expired`) or 403
   *   (`partner_suspended`, `network_not_allowed`).
   */
  async authenticate(ctx: Context): Promise<Authenticated> {
    const auth = authOf(ctx);
    if (!auth?.strategies?.includes(PARTNER_STRATEGY)) return { authenticated: false };
    mark(ctx);
    // What a browser sends by itself must not write anything.
    const basic = ctx.method === 'GET' || ctx.method === 'HEAD';
    const given = givenToken(ctx, { basic, query: basic && auth.newswireQueryToken === true });
    if (given.kind !== 'token') {
      const others = given.kind === 'other' && auth.strategies.length > 1;
      return others ? { authenticated: false } : refused(ctx, REFUSALS[given.kind]);
    }
    const known = await this.#known.token(given.token);
    if (!known) return refused(ctx, REFUSALS.other);
    const { token, standing } = known;
    const problem = this.#problem(ctx, token);
    return problem
      ? refused(ctx, problem)
      : { authenticated: true, credentials: callerWith(token, standing) };
  }

  #problem(ctx: Context, { expiresAt, partner }: KnownToken): Reason | null {
    if (expiresAt !== null && expiresAt <= this.#clock.now()) return REFUSALS.expired;
    if (partner.settings.state === 'suspended') return REFUSALS.suspended;
    return partner.allows(ctx.request.ip) ? null : REFUSALS.network;
  }
}

/** The last of the strategies where Strapi API tokens may call too: nobody was let in, and that is said with a code. */
export function refuseOthers(ctx: Context): Promise<Authenticated> {
  const named = authOf(ctx)?.strategies?.includes(PARTNER_STRATEGY) === true;
  return Promise.resolve(named ? refused(ctx, REFUSALS.other) : { authenticated: false });
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

interface Reason {
  status: 401 | 403;
  code: string;
  message: string;
}

const REFUSALS = {
  none: {
    status: 401,
    code: 'token_missing',
    message: 'Send the token that you were given: Authorization: Bearer nwp_…',
  },
  other: {
    status: 401,
    code: 'token_unknown',
    message: 'This is no token of ours, or it was revoked',
  },
  expired: {
    status: 401,
    code: 'token_expired',
    message: 'This token has expired; ask for a new one',
  },
  suspended: {
    status: 403,
    code: 'partner_suspended',
    message: 'This partner is suspended; ask who has given you the token',
  },
  network: {
    status: 403,
    code: 'network_not_allowed',
    message: 'This token may not be used from this network',
  },
} as const satisfies Record<string, Reason>;

function refused(ctx: Context, reason: Reason): Authenticated {
  if (reason.status === 401) ctx.set('WWW-Authenticate', CHALLENGE);
  return { authenticated: false, error: new Refusal(reason.status, reason) };
}

function callerWith(
  { id, name, scopes, expiresAt, partner }: KnownToken,
  standing: Standing,
): Caller {
  return {
    standing,
    partnerId: partner.id,
    partner: partner.settings,
    rule: partner.rule,
    token: { id, name, scopes, expiresAt },
  };
}
