import { createHash, createHmac, type BinaryLike, type KeyObject } from 'node:crypto';

/** What a signature is over, said once for the side that signs and the side that verifies. */

/** Base64 HMAC-SHA256 of `id.timestamp.body`, as an entry `v1` of `webhook-signature` holds it (Standard Webhooks). */
export function standardDigest(
  key: KeyObject,
  signed: { id: string; timestamp: string; body: string | Buffer },
): string {
  return createHmac('sha256', key)
    .update(`${signed.id}.${signed.timestamp}.`)
    .update(signed.body)
    .digest('base64');
}

/** The bytes `id.timestamp.body`, in one piece: Ed25519 (entry `v1a`) signs no stream. */
export function standardContent(signed: {
  id: string;
  timestamp: string;
  body: string | Buffer;
}): Buffer {
  const { body } = signed;
  return Buffer.concat([
    Buffer.from(`${signed.id}.${signed.timestamp}.`),
    typeof body === 'string' ? Buffer.from(body) : body,
  ]);
}

/** `sha256=` + hex HMAC-SHA256 of the body: the header `X-Signature`. */
export function bodySignature(key: KeyObject | BinaryLike, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

/** Hex SHA-256 of the bytes that are sent: the claim `body_sha256` of `X-Event-JWS`. */
export function bodyDigest(body: string | Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

/** What `X-Event-JWS` states (spec §3); its times are seconds since 1970. */
export interface JwsClaims {
  /** The batch id for a batch. */
  event_id: string;
  /** `batch` for a batch. */
  event_type: string;
  /** Null for a batch. */
  sequence_number: number | null;
  producer_id: string;
  iat: number;
  /** See {@link bodyDigest}. */
  body_sha256: string;
}
