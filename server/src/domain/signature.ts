import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/**
 * The two signatures of a request (spec §3), made with one secret:
 *
 * - `webhook-signature` (Standard Webhooks): `v1,` + base64 HMAC-SHA256 of `id.timestamp.body`, keyed with the
 *   bytes that the secret's base64 stands for; one entry for every key in force;
 * - `X-Signature` (the form GitHub made usual): `sha256=` + hex HMAC-SHA256 of the body, keyed with the secret's
 *   text as it was shown, `whsec_` included; by the current key alone.
 */

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** How far the sender's clock may be from the receiver's (Standard Webhooks: five minutes). */
const TOLERANCE_SECONDS = 300;

/** One key of a subscription. */
export interface SigningSecret {
  /** Id of the key, sent as `X-Signature-KID`. */
  kid: string;
  /** As shown to the subscriber: `whsec_` + base64. */
  secret: string;
  /** True for exactly one of the keys in force; the others are on their way out. */
  current: boolean;
}

/** The keys in force, decoded once, the current one first. Made by {@link prepareKeys}. */
export interface SigningKeys {
  readonly kid: string;
  /** Key of `X-Signature`. */
  readonly text: KeyObject;
  /** Keys of `webhook-signature`. */
  readonly decoded: readonly KeyObject[];
}

/** A new secret. `randomBytes` is node's, or a stand-in in tests. */
export function generateSecret(randomBytes: (size: number) => Buffer): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/**
 * Decodes the keys in force, so that signing costs the HMACs alone.
 * Throws where not exactly one key is current, or where a secret is empty or not base64.
 */
export function prepareKeys(secrets: readonly SigningSecret[]): SigningKeys {
  const currents = secrets.filter((key) => key.current);
  const [current] = currents;
  if (current === undefined || currents.length > 1) {
    throw new Error(`Exactly one signing key must be current, not ${currents.length}`);
  }
  const ordered = [current, ...secrets.filter((key) => !key.current)];
  const decoded = ordered.map(({ kid, secret }) => {
    const bytes = decodeSecret(secret);
    if (bytes === null) throw new Error(`The secret of key ${kid} is empty or not base64`);
    return createSecretKey(bytes);
  });
  return { kid: current.kid, text: createSecretKey(Buffer.from(current.secret)), decoded };
}

/** The signature headers of spec §3, as they are sent. */
export interface SignatureHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
  'X-Signature': string;
  'X-Signature-KID': string;
}

/** Signs one attempt. `timestampSeconds` is the attempt's time in whole seconds since 1970; `body` as it is sent. */
export function signHeaders(request: {
  keys: SigningKeys;
  id: string;
  timestampSeconds: number;
  body: string | Buffer;
}): SignatureHeaders {
  const { keys, id } = request;
  // Encoded once: a string would be by each HMAC.
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
  const timestamp = String(request.timestampSeconds);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.decoded
      .map((key) => `v1,${standardDigest(key, id, timestamp, body)}`)
      .join(' '),
    'X-Signature': `sha256=${createHmac('sha256', keys.text).update(body).digest('hex')}`,
    'X-Signature-KID': keys.kid,
  };
}

/** A verdict, with the reason for a receiver's log; never says how near a wrong signature was. */
export type Verification = { valid: true } | { valid: false; reason: string };

/** Request headers as node's servers and `fetch` handlers give them: names in lower case. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Verifies `webhook-id`, `webhook-timestamp` and `webhook-signature`. One right `v1` entry is enough; entries of
 * other versions are passed over. `body` must be the bytes as received, `secret` may lack its `whsec_`.
 */
export function verifyStandardWebhook(request: {
  secret: string;
  headers: ReceivedHeaders;
  body: string | Buffer;
  now: Date;
}): Verification {
  const bytes = decodeSecret(request.secret);
  if (bytes === null) return invalid('The secret is empty or not base64');
  const id = single(request.headers['webhook-id']);
  const timestamp = single(request.headers['webhook-timestamp']);
  const signatures = single(request.headers['webhook-signature']);
  if (id === null) return invalid('The header webhook-id is missing');
  if (timestamp === null) return invalid('The header webhook-timestamp is missing');
  if (signatures === null) return invalid('The header webhook-signature is missing');
  if (!/^\d{1,15}$/.test(timestamp)) return invalid('webhook-timestamp is not a number of seconds');
  if (Math.abs(request.now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    return invalid('webhook-timestamp is more than five minutes away from now');
  }
  const expected = `v1,${standardDigest(createSecretKey(bytes), id, timestamp, request.body)}`;
  const found = signatures.split(' ').some((signature) => sameText(signature, expected));
  return found
    ? { valid: true }
    : invalid('No v1 entry of webhook-signature fits this body and secret');
}

/** Verifies `X-Signature`. It covers the body alone: it cannot tell a repeated or an old request. */
export function verifyXSignature(request: {
  secret: string;
  headers: ReceivedHeaders;
  body: string | Buffer;
}): Verification {
  if (request.secret === '') return invalid('The secret is empty');
  const signature = single(request.headers['x-signature']);
  if (signature === null) return invalid('The header X-Signature is missing');
  const digest = createHmac('sha256', request.secret).update(request.body).digest('hex');
  return sameText(signature, `sha256=${digest}`)
    ? { valid: true }
    : invalid('X-Signature does not fit this body and secret');
}

function standardDigest(
  key: KeyObject,
  id: string,
  timestamp: string,
  body: string | Buffer,
): string {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
}

/** Bytes of a secret, or null. Strict, because Buffer reads any text as base64 and skips what does not fit. */
function decodeSecret(secret: string): Buffer | null {
  const base64 = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length > 0 ? bytes : null;
}

function single(value: string | readonly string[] | undefined): string | null {
  const text = typeof value === 'string' ? value : value?.length === 1 ? value[0] : undefined;
  return text === undefined || text === '' ? null : text;
}

/** Compares in a time that does not depend on where the texts differ. */
function sameText(actual: string, expected: string): boolean {
  const a = Buffer.from(actual);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function invalid(reason: string): Verification {
  return { valid: false, reason };
}
