import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import { TOKEN_MARK } from '../../domain/access-token';

/** Tokens that were in addresses, by request. Beside it and not in it, where something might print them. */
const takenFromQuery = new WeakMap<IncomingMessage, string>();

/** Keeps the token that was taken out of a request's address: see middlewares/take-token.ts. */
export function keepQueryToken(request: IncomingMessage, token: string): void {
  takenFromQuery.set(request, token);
}

/** What a request carries as its token. */
export type GivenToken =
  | { kind: 'token'; token: string }
  /** Credentials that are no partner's token: a Strapi API token, perhaps. */
  | { kind: 'other' }
  | { kind: 'none' };

/**
 * Looks for a partner's token in `Authorization` (Bearer), and where a route allows it as the password of Basic or in the
 * query. The first that looks like one counts.
 */
export function givenToken(ctx: Context, allowed: { basic: boolean; query: boolean }): GivenToken {
  const [scheme = '', credentials = ''] = splitOnce(ctx.get('Authorization').trim(), ' ');
  const given = [
    scheme.toLowerCase() === 'bearer' ? credentials.trim() : '',
    scheme.toLowerCase() === 'basic' && allowed.basic ? passwordOf(credentials.trim()) : '',
    allowed.query ? (takenFromQuery.get(ctx.req) ?? '') : '',
  ].filter((text) => text !== '');
  const token = given.find((text) => text.startsWith(TOKEN_MARK));
  if (token !== undefined) return { kind: 'token', token };
  return { kind: given.length > 0 ? 'other' : 'none' };
}

/** Of `user:password` in base64 (RFC 7617); the user is whatever the reader likes. */
function passwordOf(credentials: string): string {
  const [, password = ''] = splitOnce(Buffer.from(credentials, 'base64').toString('utf8'), ':');
  return password;
}

/** The token of a request's address, where it is the one by which its reader was let in; null where a header had it. */
export function queryTokenOf(ctx: Context): string | null {
  const inAddress = takenFromQuery.get(ctx.req) ?? null;
  const given = givenToken(ctx, { basic: true, query: true });
  return given.kind === 'token' && given.token === inAddress ? inAddress : null;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
