import type { Context, Next } from 'koa';
import { keepQueryToken } from '../services/partners/given-token';

/** `token`, and what a query parser takes for a list or a member of it: `token[]`, `token[a]`. */
const TOKEN_PARAMETER = /^token($|\[)/i;

/**
 * Takes the token out of the address of a request before anything else sees it, so that no access log, no error and no
 * handler has it. In front of everything, and for our own routes alone, however they are written.
 *
 * @param routes the path of our routes: `/api/newswire`.
 */
export function takeToken(routes: string) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const { url = '' } = ctx.req;
    const question = url.indexOf('?');
    if (question !== -1 && isOurs(url.slice(0, question), routes)) {
      const { token, rest } = takeOut(url.slice(question + 1));
      if (token !== null) {
        const clean = url.slice(0, question) + (rest === '' ? '' : `?${rest}`);
        ctx.req.url = clean;
        ctx.originalUrl = clean;
        ctx.request.originalUrl = clean;
        keepQueryToken(ctx.req, token);
        // Whatever answers, found or not: the reader's address bar has the token.
        ctx.set('Referrer-Policy', 'no-referrer');
      }
    }
    await next();
  };
}

/** The router takes letters of both cases; more forms than it knows do no harm here. */
function isOurs(address: string, routes: string): boolean {
  const path = address.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\/{2,}/g, '/');
  const below = `${decoded(path)}/`.toLowerCase();
  return below.startsWith(`${routes}/`.toLowerCase());
}

/** @returns the first token, null where there is none, and the other parameters as they were written. */
function takeOut(query: string): { token: string | null; rest: string } {
  const parameters = query.split('&').map((text) => {
    const [name = '', ...value] = text.split('=');
    return { text, name: decoded(name).trim(), value: value.join('=') };
  });
  const tokens = parameters.filter(({ name }) => TOKEN_PARAMETER.test(name));
  const others = parameters.filter(({ name }) => !TOKEN_PARAMETER.test(name));
  return {
    token: tokens[0] ? decoded(tokens[0].value) : null,
    rest: others.map(({ text }) => text).join('&'),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not what a URL may hold: then it stands for itself.
    return text;
  }
}
