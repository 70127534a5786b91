import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the sender's clock, or a recorded request sent again, may be off. */
const TOLERANCE_SECONDS = 5 * 60;

const SECRET = /^whsec_[A-Za-z0-9+/]+={0,2}$/;

/**
 * Checks both signatures of a request; each alone would do for a receiver of your own.
 *
 * @param {object} request
 * @param {import('node:http').IncomingHttpHeaders} request.headers
 * @param {Buffer} request.body the body as it came, before any parsing
 * @param {Map<string, string>} secrets secret by key id
 * @param {Date} now
 * @returns {string | null} why the request is not to be trusted, or null when it is
 */
export function findFault({ headers, body }, secrets, now) {
  const kid = one(headers['x-signature-kid']);
  const secret = secrets.get(kid);
  if (kid === '') {
    return 'no X-Signature-KID header';
  }
  if (secret === undefined || !SECRET.test(secret)) {
    return `no secret known for key ${kid}`;
  }
  return plainFault(headers, body, secret) ?? standardFault(headers, body, secret, now);
}

/** `X-Signature: sha256=<hex>` over the raw body; the key is the secret's text as it was shown. */
function plainFault(headers, body, secret) {
  const given = one(headers['x-signature']);
  if (given === '') {
    return 'no X-Signature header';
  }
  const wanted = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return equal(given, wanted) ? null : 'X-Signature does not fit the body';
}

/** Standard Webhooks: id, timestamp and body; the key is the bytes behind `whsec_`. */
function standardFault(headers, body, secret, now) {
  const id = one(headers['webhook-id']);
  const timestamp = one(headers['webhook-timestamp']);
  const signatures = one(headers['webhook-signature']);
  if (id === '' || timestamp === '' || signatures === '') {
    return 'webhook-id, webhook-timestamp or webhook-signature is missing';
  }
  if (!/^\d{1,15}$/.test(timestamp)) {
    return 'webhook-timestamp is no number';
  }
  const age = Math.round(now.getTime() / 1000) - Number(timestamp);
  if (Math.abs(age) > TOLERANCE_SECONDS) {
    return `webhook-timestamp is ${Math.abs(age)} s ${age > 0 ? 'old' : 'ahead'}`;
  }
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const wanted = createHmac('sha256', key)
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest('base64');
  // Several are listed while a secret is being rotated; one that fits is enough.
  const fits = signatures.split(' ').some((signature) => equal(signature, `v1,${wanted}`));
  return fits ? null : 'webhook-signature does not fit the body';
}

function one(header) {
  return typeof header === 'string' ? header : '';
}

/** In constant time, so that nobody can guess a signature byte by byte from how long the answer takes. */
function equal(given, wanted) {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
