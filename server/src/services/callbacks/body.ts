import { errors } from '@strapi/utils';
import type { Context } from 'koa';
import { MAX_CALLBACK_BYTES } from '../../contracts/callback';
import { keptBody } from '../../middlewares/keep-bytes';
import { fieldError, refusal } from '../validation';

/**
 * The bytes of a callback.
 *
 * @throws PayloadTooLargeError (`body_too_large`); ValidationError (`invalid_body`) for a body that is packed, or not whole.
 */
export function bytesOf(ctx: Context): Buffer {
  const body = keptBody(ctx);
  if (body?.kind === 'too-large') {
    const message = `A callback may have ${MAX_CALLBACK_BYTES} bytes; report more in several`;
    throw new errors.PayloadTooLargeError(message, { code: 'body_too_large' });
  }
  const encoding = ctx.get('Content-Encoding').trim().toLowerCase();
  if (encoding !== '' && encoding !== 'identity') {
    throw refusal(
      [fieldError([], 'Send the body unpacked: without Content-Encoding')],
      'invalid_body',
    );
  }
  if (body?.kind !== 'bytes') {
    throw refusal([fieldError([], 'The body did not come to its end')], 'invalid_body');
  }
  return body.bytes;
}

/** JSON of bytes; undefined for what is none. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Neither UTF-8 nor JSON: told by who asks.
    return undefined;
  }
}
