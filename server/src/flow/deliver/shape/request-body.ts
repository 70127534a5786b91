import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { contentTypeOf } from '../../../domain/body-format';
import type { BodyFormat } from '../../../domain/body-format';

const compress = promisify(gzip);

/** Characters that are kept of a body that is not the event's own. */
const MAX_KEPT = 65_536;

/** The body of a request, ready to be signed and sent. */
export interface RequestBody {
  body: string | Buffer;
  /** What the body's headers say of it. */
  headers: { 'Content-Type': string; 'Content-Encoding'?: 'gzip' };
  /** The body before it was compressed; null where it was not. */
  plain: string | null;
  /** For the delivery log, readable; null where it is the event's own text, which the event log has. */
  kept: string | null;
}

/** Encodes a text, of one event or of a batch, as the subscription wants it. */
export async function encodeBody(
  text: string,
  shape: { body: BodyFormat; gzip: boolean },
  { own }: { own: boolean },
): Promise<RequestBody> {
  const type = { 'Content-Type': contentTypeOf(shape.body) };
  const kept = own ? null : keptText(text);
  if (!shape.gzip) return { body: text, headers: type, plain: null, kept };
  const body = await compress(text);
  return { body, headers: { ...type, 'Content-Encoding': 'gzip' }, plain: text, kept };
}

function keptText(text: string): string {
  return text.length <= MAX_KEPT
    ? text
    : `${text.slice(0, MAX_KEPT)}… [cut: the body had ${text.length} characters]`;
}
