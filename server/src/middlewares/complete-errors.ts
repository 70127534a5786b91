import type { Context, Next } from 'koa';

/** Machine codes of what Strapi refuses by itself, before a route of ours is asked or after it has failed. */
const CODES: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  429: 'rate_limited',
};

interface ErrorBody {
  error?: { details?: unknown };
}

/**
 * Gives every error below our routes a machine code in `details.code`, those included that Strapi answers by itself: a body that
 * is no JSON, a route that there is not.
 *
 * @param routes the path of our routes: `/api/newswire`.
 */
export function completeErrors(routes: string) {
  const below = `${routes}/`.toLowerCase();
  return async (ctx: Context, next: Next): Promise<void> => {
    await next();
    if (ctx.status < 400 || !ctx.path.toLowerCase().startsWith(below)) return;
    const { error } = (ctx.body ?? {}) as ErrorBody;
    if (typeof error !== 'object') return;
    const details = isObject(error.details) ? error.details : {};
    if (typeof details['code'] === 'string') return;
    const code = CODES[ctx.status] ?? (ctx.status >= 500 ? 'internal_error' : 'refused');
    error.details = { ...details, code };
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
