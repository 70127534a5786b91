import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { prepareKeys, signHeaders } from '../../../server/src/domain/signature';
import { headerReader } from '../../../server/src/receiver/request';
import { prepareSecrets } from '../../../server/src/receiver/secrets';
import { checkSignature } from '../../../server/src/services/callbacks/check-signature';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const NOW = new Date('2026-02-01T12:00:00Z');
const BODY = Buffer.from('{"event_type":"content.ingested"}');

/** As we sign what we send. */
function signed(now = NOW, secret = SECRET): Record<string, string> {
  const keys = prepareKeys([{ kid: 'key_1', secret, current: true }]);
  const request = { keys, id: 'msg_1', eventType: 'x', sequenceNumber: null, now, body: BODY };
  return { ...signHeaders(request) };
}

const check = (headers: Record<string, string>, body = BODY) =>
  checkSignature({
    header: headerReader(headers),
    body,
    secrets: prepareSecrets({ key_1: SECRET, key_2: OTHER }),
    now: NOW,
  });

const only = (headers: Record<string, string>, mark: 'webhook' | 'X-Signature') =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(mark)));

describe('The signature of a callback', () => {
  it.each([
    ['Standard Webhooks', only(signed(), 'webhook')],
    ['X-Signature with the key that it names', only(signed(), 'X-Signature')],
    ['both', signed()],
    [
      'X-Signature with any key in force',
      {
        'x-signature': `sha256=${createHmac('sha256', OTHER).update(BODY).digest('hex')}`,
      },
    ],
  ])('may be by %s', (_, headers) => {
    expect(check(headers)).toBeNull();
  });

  it.each([
    ['nothing', {}, 'signature_missing'],
    [
      'Standard Webhooks without its id',
      { ...only(signed(), 'webhook'), 'webhook-id': '' },
      'signature_missing',
    ],
    ['a timestamp that is none', { ...signed(), 'webhook-timestamp': 'now' }, 'signature_missing'],
    ['an old one', signed(new Date(NOW.getTime() - 301_000)), 'timestamp_out_of_tolerance'],
    ['one of the future', signed(new Date(NOW.getTime() + 301_000)), 'timestamp_out_of_tolerance'],
    ['another id', { ...signed(), 'webhook-id': 'msg_2' }, 'signature_mismatch'],
    [
      'another secret',
      signed(NOW, `whsec_${Buffer.alloc(32, 9).toString('base64')}`),
      'signature_mismatch',
    ],
    [
      'X-Signature that does not fit, beside one that does',
      { ...signed(), 'X-Signature': 'sha256=00', 'X-Signature-KID': 'key_2' },
      'signature_mismatch',
    ],
    [
      'X-Signature by a key that is not known',
      { ...only(signed(), 'X-Signature'), 'X-Signature-KID': 'key_9' },
      'signature_mismatch',
    ],
    [
      'X-Signature by another key than it names',
      { ...only(signed(), 'X-Signature'), 'X-Signature-KID': 'key_2' },
      'signature_mismatch',
    ],
    [
      'rubbish',
      { 'webhook-signature': '\u00ff '.repeat(99), 'x-signature': 'x' },
      'signature_missing',
    ],
  ])('by %s is refused', (_, headers, fault) => {
    expect(check(headers)).toBe(fault);
  });

  it('is over the bytes', () => {
    const spaced = Buffer.from(BODY.toString().replace(':', ': '));
    expect(check(only(signed(), 'webhook'), spaced)).toBe('signature_mismatch');
    expect(check(only(signed(), 'X-Signature'), spaced)).toBe('signature_mismatch');
  });

  it('fits nothing where there are no secrets', () => {
    const input = { header: headerReader(signed()), body: BODY, secrets: [], now: NOW };
    expect(checkSignature(input)).toBe('signature_mismatch');
  });
});
