import { createHmac } from 'node:crypto';

/** Signatures as the specifications have them, by node's crypto alone: what the product signs is held against this. */

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Whether an entry of `webhook-signature` fits (Standard Webhooks, v1). */
export function fitsStandardWebhooks(request: {
  secret: string;
  headers: Headers;
  body: string | Buffer;
}): boolean {
  const { secret, headers, body } = request;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const hmac = createHmac('sha256', key);
  hmac
    .update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.`)
    .update(body);
  return String(headers['webhook-signature'])
    .split(' ')
    .includes(`v1,${hmac.digest('base64')}`);
}

/** Whether `X-Signature` fits, keyed with the secret's text. */
export function fitsBodySignature(request: {
  secret: string;
  headers: Headers;
  body: string | Buffer;
}): boolean {
  const { secret, headers, body } = request;
  const digest = createHmac('sha256', secret).update(body).digest('hex');
  return headers['x-signature'] === `sha256=${digest}`;
}
