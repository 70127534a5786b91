import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { requestHeaders } from '../../../server/src/domain/request-headers';
import { prepareKeys } from '../../../server/src/domain/signature';
import { bodySignature } from '../../../server/src/domain/signed-content';
import { createReceiver } from '../../../server/src/receiver';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const former = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const now = new Date('2026-01-17T14:32:00Z');
const plain = '{"event_id":"e1"}';
const compressed = gzipSync(plain);

const headersOf = (body: string | Buffer, uncompressed: string | null) =>
  requestHeaders(
    {
      event: {
        eventId: 'e1',
        eventType: 'content.ready',
        schemaVersion: '1.0.0',
        sequenceNumber: 1,
      },
      subscriptionId: 's1',
      deliveryId: 'd1',
      attempt: 1,
      backlog: 1,
      replay: false,
      body,
      content: {
        headers: {
          'Content-Type': 'application/json',
          ...(uncompressed === null ? {} : { 'Content-Encoding': 'gzip' }),
        },
        plain: uncompressed,
      },
      keys: prepareKeys([
        { kid: 'k2', secret, current: true },
        { kid: 'k1', secret: former, current: false },
      ]),
      now,
    },
    '1.2.3',
  );

const lowerCase = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const accepts = async (input: {
  kid?: string;
  secret: string;
  headers: Record<string, string>;
  body: string | Buffer;
}) => {
  const secrets = { [input.kid ?? 'k2']: input.secret };
  return (await createReceiver({ secrets, now: () => now }).verify(input)).ok;
};

describe('the signatures of a compressed body', () => {
  const headers = lowerCase(headersOf(compressed, plain));

  it('fit the bytes as they were sent, and what they decode to, with every key in force', async () => {
    for (const body of [compressed, plain]) {
      expect(await accepts({ secret, headers, body })).toBe(true);
      expect(await accepts({ kid: 'k1', secret: former, headers, body })).toBe(true);
    }
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(4);
  });

  it('fit in X-Signature the bytes as they were sent', () => {
    expect(headers['x-signature']).toBe(bodySignature(secret, compressed));
  });

  it('fit nothing else', async () => {
    const other = plain.replace('e1', 'e2');
    for (const body of [other, gzipSync(other)]) {
      expect(await accepts({ secret, headers, body })).toBe(false);
    }
  });
});

it('A body that is not compressed has one signature for each key in force', async () => {
  const headers = lowerCase(headersOf(plain, null));
  expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
  expect(await accepts({ secret, headers, body: plain })).toBe(true);
});
