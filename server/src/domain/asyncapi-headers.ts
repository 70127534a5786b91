import type { JsonSchema } from './definition';

const text = (description: string) => ({ type: 'string', description });
const number = (description: string) => ({ type: 'integer', description });

const ALWAYS = {
  'User-Agent': text('`Newswire/` and its version.'),
  'X-Event-Type': text('As in the event; `batch` for a batch.'),
  'X-Schema-Version': text('As in the event; `batch` for a batch.'),
  'X-Idempotency-Key': text(
    'The event_id, or the id of the batch; the same on every attempt and replay.',
  ),
  'webhook-id': text('The same as X-Idempotency-Key.'),
  'webhook-timestamp': number('Seconds since 1970 of this attempt.'),
  'webhook-signature': text('Signatures of `id.timestamp.body`, separated by spaces.'),
  'X-Signature': text('`sha256=` and the HMAC of the raw body with the current key, hex.'),
  'X-Signature-KID': text('Id of the key of X-Signature.'),
  'X-Subscription-Id': text('The subscription.'),
  'X-Delivery-Id': text('The delivery.'),
  'X-Delivery-Attempt': { ...number('Counts from 1.'), minimum: 1 },
  'X-Delivery-Backlog': { ...number('Deliveries now owed to this subscription.'), minimum: 0 },
};

const SOMETIMES = {
  'Content-Encoding': { ...text('Where the subscription asks for it.'), enum: ['gzip'] },
  'X-Event-JWS': text('Where switched on: compact JWS (EdDSA) over what the event is.'),
  'X-Replay': { ...text('On a replay.'), enum: ['true'] },
};

/** The headers of a request as a subscriber receives it (spec §3), but for its own. */
export function requestHeadersSchema(): JsonSchema {
  return {
    type: 'object',
    properties: { ...ALWAYS, ...SOMETIMES },
    required: Object.keys(ALWAYS),
  };
}
