import {
  generateProducerKey,
  prepareProducerKey,
  publicJwk,
} from '../../../server/src/domain/producer-key';
import { prepareKeys, signHeaders, type SigningKeys } from '../../../server/src/domain/signature';

/** The vector of the Standard Webhooks libraries. */
export const VECTOR = {
  secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
export const NOW = new Date(VECTOR.timestamp * 1000);
export const SECRET = `whsec_${Buffer.alloc(32, 'newswire').toString('base64')}`;
export const OLD_SECRET = `whsec_${Buffer.alloc(32, 'old').toString('base64')}`;

export const EVENT = {
  sequence_number: 7,
  produced_at: '2026-01-17T14:32:00.041Z',
  event_id: '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a11',
  event_type: 'content.ready',
  schema_version: '1.0.0',
  producer_id: 'northlight-cms',
  payload: { title: 'Größe' },
};

/** A key pair of a producer, with its public half as the key set shows it. */
export function makeProducer() {
  const generated = generateProducerKey();
  return { key: prepareProducerKey(generated), jwk: publicJwk(generated) };
}

export type Producer = ReturnType<typeof makeProducer>;

/** Keys of a subscription that signs with a secret and, where a producer is given, asymmetrically. */
export function keysOf(input: {
  secret?: string;
  producer?: Producer;
  older?: Producer;
  ed25519?: boolean;
  jws?: boolean;
}): SigningKeys {
  const { producer, older } = input;
  return prepareKeys(
    [{ kid: 'key_1', secret: input.secret ?? SECRET, current: true }],
    producer
      ? {
          producerId: 'northlight-cms',
          ed25519: input.ed25519 ?? true,
          jws: input.jws ?? true,
          current: producer.key,
          retiring: older ? [{ key: older.key, until: NOW.getTime() + 60_000 }] : [],
        }
      : null,
  );
}

/** A request as Newswire sends it, with header names as Node.js gives them. */
export function signedRequest(
  keys: SigningKeys,
  changes: { body?: string | Buffer; plain?: string; now?: Date; id?: string } = {},
): { headers: Record<string, string>; body: string | Buffer } {
  const body = changes.body ?? JSON.stringify(EVENT);
  const headers = signHeaders({
    keys,
    id: changes.id ?? EVENT.event_id,
    eventType: EVENT.event_type,
    sequenceNumber: EVENT.sequence_number,
    now: changes.now ?? NOW,
    body,
    plain: changes.plain ?? null,
  });
  return {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value as string]),
    ),
    body,
  };
}
