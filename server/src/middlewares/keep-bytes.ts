import type { IncomingMessage } from 'node:http';
import type { Context, Next } from 'koa';
import { MAX_CALLBACK_BYTES } from '../contracts/callback';

/** The body of a callback as it came: signatures are over its bytes. */
export type KeptBody =
  | { kind: 'bytes'; bytes: Buffer }
  /** The rest is thrown away as it comes. */
  | { kind: 'too-large' }
  /** The connection broke off. */
  | { kind: 'broken' };

const kept = new WeakMap<IncomingMessage, KeptBody>();

/** The body that {@link keepBytes} has read; null where it has read none. */
export function keptBody(ctx: Context): KeptBody | null {
  return kept.get(ctx.req) ?? null;
}

/**
 * Reads the bytes of a callback before Strapi's body parser, which gives out what it has parsed alone. That one goes by the
 * content type: without one it reads nothing. How long a slow body may take is up to the server (`requestTimeout`).
 *
 * In front of everything, where nothing turns an error into an answer: what is wrong with the body is said by the route.
 *
 * @param path of the route, `/api/newswire/callbacks`; in any case, as the router takes it.
 */
export function keepBytes(path: string) {
  const paths = [path, `${path}/`].map((one) => one.toLowerCase());
  return async (ctx: Context, next: Next): Promise<void> => {
    if (ctx.method === 'POST' && paths.includes(ctx.path.toLowerCase())) {
      kept.set(ctx.req, await read(ctx.req, MAX_CALLBACK_BYTES));
      delete ctx.req.headers['content-type'];
    }
    await next();
  };
}

function read(request: IncomingMessage, maxBytes: number): Promise<KeptBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (body: KeptBody) => {
      request.removeListener('data', take);
      // Nobody else listens: a broken connection must not become an error of the process.
      request.on('error', () => undefined);
      request.resume();
      resolve(body);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) end({ kind: 'too-large' });
      else chunks.push(chunk);
    };
    request.on('data', take);
    request.once('end', () => end({ kind: 'bytes', bytes: Buffer.concat(chunks) }));
    request.once('error', () => end({ kind: 'broken' }));
    request.once('close', () => end({ kind: 'broken' }));
  });
}
