import { refuse, type Refusal } from './refusal';
import { isGzip } from './message';
import type { ReadHeader } from './request';

/** More entries than any rotation makes are not looked at: each may cost a verification. */
const MAX_ENTRIES = 16;

/** What of a request is signed, and its signatures. */
export interface Signed {
  id: string;
  /** As it stands in the header: it is signed as text. */
  timestamp: string;
  body: Buffer;
  /** Entries of `webhook-signature`. */
  signatures: readonly string[];
  /** `X-Signature-KID` and `X-Signature`. */
  kid: string | null;
  bodySignature: string | null;
  /** The body was sent under gzip, and somebody has unpacked it since. */
  unpacked: boolean;
  /** `X-Event-JWS`. */
  jws: string | null;
}

/** Takes the signed parts out of a request, as far as their form is right. */
export function readSigned(header: ReadHeader, body: Buffer): Signed | Refusal {
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  const signatures = header('webhook-signature');
  const jws = header('x-event-jws');
  if (id === null) return missing('webhook-id');
  if (timestamp === null) return missing('webhook-timestamp');
  if (signatures === null && jws === null) return missing('webhook-signature');
  if (!/^\d{1,15}$/.test(timestamp)) {
    return refuse('malformed_header', 'webhook-timestamp is not a number of seconds');
  }
  return {
    id,
    timestamp,
    body,
    signatures: signatures?.split(' ').slice(0, MAX_ENTRIES) ?? [],
    kid: header('x-signature-kid'),
    bodySignature: header('x-signature'),
    unpacked: header('content-encoding') === 'gzip' && !isGzip(body),
    jws,
  };
}

function missing(name: string): Refusal {
  return refuse('missing_header', `The header ${name} is missing, or there more than once`);
}
