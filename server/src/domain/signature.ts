import { createSecretKey, type KeyObject } from 'node:crypto';
import { signJws, standardEd25519, type ProducerKey } from './producer-key';
import { bodyDigest, bodySignature, standardDigest } from './signed-content';
import { decodeSecret } from './signing-secret';

/**
 * The signatures of a request (spec §3). Two are made with the subscription's secret:
 *
 * - `webhook-signature` (Standard Webhooks): `v1,` + base64 HMAC-SHA256 of `id.timestamp.body`, keyed with the
 *   bytes that the secret's base64 stands for; one entry for every key in force;
 * - `X-Signature` (the form GitHub made usual): `sha256=` + hex HMAC-SHA256 of the body, keyed with the secret's
 *   text as it was shown, `whsec_` included; by the current key alone.
 *
 * Two with the installation's key pair, where the subscription asks for them:
 *
 * - an entry `v1a,` + base64 Ed25519 of the same content in `webhook-signature`, for every key pair in force;
 * - `X-Event-JWS`: a compact JWS that states id, type, number, producer, time and the body's digest; by the current one.
 *
 * A key that is on its way out is in force until its instant of expiry and not a moment longer, whether or not anybody
 * has removed its row by then: that is decided here, for every attempt.
 */

/** One key of a subscription. */
export interface SigningSecret {
  /** Id of the key, sent as `X-Signature-KID`. */
  kid: string;
  /** As shown to the subscriber: `whsec_` + base64. */
  secret: string;
  /** True for exactly one of the keys in force; the others are on their way out. */
  current: boolean;
  /** When a key that is on its way out stops signing; none for the current one. */
  expiresAt?: Date | null;
}

interface Retiring<Key> {
  readonly key: Key;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** How the installation's key pair signs for a subscription. */
export interface ProducerSigning {
  readonly producerId: string;
  /** Entries `v1a` in `webhook-signature`. */
  readonly ed25519: boolean;
  /** The header `X-Event-JWS`. */
  readonly jws: boolean;
  readonly current: ProducerKey;
  readonly retiring: readonly Retiring<ProducerKey>[];
}

/** All keys of a subscription, decoded once. Made by {@link prepareKeys}. */
export interface SigningKeys {
  /** Id of the current key. */
  readonly kid: string;
  /** The current key as text, for `X-Signature`. */
  readonly text: KeyObject;
  /** The current key decoded, for `webhook-signature`. */
  readonly decoded: KeyObject;
  readonly retiring: readonly Retiring<KeyObject>[];
  readonly producer: ProducerSigning | null;
}

/**
 * Decodes keys, so that signing costs the signatures alone.
 * Throws where not exactly one key is current, or where a secret is empty or not base64.
 */
export function prepareKeys(
  secrets: readonly SigningSecret[],
  producer: ProducerSigning | null = null,
): SigningKeys {
  const currents = secrets.filter((key) => key.current);
  const [current] = currents;
  if (current === undefined || currents.length > 1) {
    throw new Error(`Exactly one signing key must be current, not ${currents.length}`);
  }
  return {
    kid: current.kid,
    text: createSecretKey(Buffer.from(current.secret)),
    decoded: decode(current),
    retiring: secrets
      .filter((key) => !key.current)
      .map((key) => ({ key: decode(key), until: key.expiresAt?.getTime() ?? Infinity })),
    producer,
  };
}

function decode({ kid, secret }: SigningSecret): KeyObject {
  const bytes = decodeSecret(secret);
  if (bytes === null) throw new Error(`The secret of key ${kid} is empty or not base64`);
  return createSecretKey(bytes);
}

/** The signature headers of spec §3, as they are sent. */
export interface SignatureHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
  'X-Signature': string;
  'X-Signature-KID': string;
  'X-Event-JWS'?: string;
}

/** What is signed: one attempt. */
export interface SignedRequest {
  keys: SigningKeys;
  /** Id of the event, or of the batch. */
  id: string;
  /** `batch` for a batch. */
  eventType: string;
  /** Null for a batch. */
  sequenceNumber: number | null;
  /** The attempt's time. */
  now: Date;
  /** The very bytes that are sent, compressed if they are; text stands for its UTF-8. */
  body: string | Buffer;
  /**
   * What a compressed body decodes to; null or absent where it is not compressed. `webhook-signature` has entries over this
   * too, because many receivers never see the bytes that were sent: the body parsers of Express and Koa give out what they
   * have inflated. A receiver needs one entry that fits.
   */
  plain?: string | null;
}

/** Signs one attempt with the keys in force at its time. */
export function signHeaders(request: SignedRequest): SignatureHeaders {
  const { keys, id } = request;
  const { producer } = keys;
  // Encoded once: a string would be by each HMAC.
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
  const timestampSeconds = Math.floor(request.now.getTime() / 1000);
  const timestamp = String(timestampSeconds);
  const entries = standardEntries(request, { id, timestamp, body });
  if (request.plain) {
    entries.push(...standardEntries(request, { id, timestamp, body: request.plain }));
  }
  const headers: SignatureHeaders = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': entries.join(' '),
    'X-Signature': bodySignature(keys.text, body),
    'X-Signature-KID': keys.kid,
  };
  if (producer?.jws) {
    headers['X-Event-JWS'] = signJws(producer.current, {
      event_id: id,
      event_type: request.eventType,
      sequence_number: request.sequenceNumber,
      producer_id: producer.producerId,
      iat: timestampSeconds,
      body_sha256: bodyDigest(body),
    });
  }
  return headers;
}

function standardEntries(
  { keys, now }: SignedRequest,
  signed: { id: string; timestamp: string; body: string | Buffer },
): string[] {
  const { producer } = keys;
  const entries = [`v1,${standardDigest(keys.decoded, signed)}`];
  for (const key of inForce(keys.retiring, now)) entries.push(`v1,${standardDigest(key, signed)}`);
  if (producer?.ed25519) {
    for (const key of [producer.current, ...inForce(producer.retiring, now)]) {
      entries.push(`v1a,${standardEd25519(key, signed)}`);
    }
  }
  return entries;
}

function inForce<Key>(retiring: readonly Retiring<Key>[], now: Date): Key[] {
  return retiring.filter(({ until }) => now.getTime() < until).map(({ key }) => key);
}
