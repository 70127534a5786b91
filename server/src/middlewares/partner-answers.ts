import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';
import { rateLimitHeaders } from '../domain/rate-window';
import { pipelineOf } from '../services';
import { callerOf } from '../services/partners/caller';
import type { TokenScope } from '../contracts/partner';

/** Requests per minute of a Strapi API token that reads internal feeds. */
const API_TOKEN_RATE_PER_MINUTE = 600;

interface PartnerRouteState {
  route: { config: { auth: { newswireScope?: TokenScope } } };
  auth?: { credentials?: { id?: number | string } };
}

/**
 * On every route for partners, behind the strategies: counts the request towards the limit of who calls and announces it, then
 * asks for the scope that the route wants.
 */
export function partnerAnswers(_config: unknown, { strapi }: { strapi: Core.Strapi }) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const { route, auth } = ctx.state as PartnerRouteState;
    const caller = callerOf(ctx);
    const who = caller
      ? { id: caller.token?.id ?? caller.partnerId, limit: caller.partner.rate_per_minute }
      : { id: `api:${auth?.credentials?.id ?? ''}`, limit: API_TOKEN_RATE_PER_MINUTE };
    const { taken, quota } = pipelineOf(strapi).partnerAccess.rates.take(who.id, who.limit);
    ctx.set(rateLimitHeaders(quota));
    if (!taken) {
      const { secondsLeft: seconds } = quota;
      ctx.set('Retry-After', String(seconds));
      throw new errors.RateLimitError(
        `At most ${quota.limit} requests a minute; try again in ${seconds} s`,
        { code: 'rate_limited', retry_after_seconds: seconds },
      );
    }
    const { newswireScope: scope } = route.config.auth;
    if (caller?.token && scope && !caller.token.scopes.includes(scope)) {
      // Set and not thrown: Strapi drops the details of a ForbiddenError that is thrown from here.
      ctx.status = 403;
      const message = `This token lacks the scope ${scope}`;
      const error = { status: 403, name: 'ForbiddenError', message };
      ctx.body = { data: null, error: { ...error, details: { code: 'scope_missing', scope } } };
      return;
    }
    await next();
  };
}
