import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { prepareKeys, signHeaders } from '../../../server/src/domain/signature';
import type { SigningSecret } from '../../../server/src/domain/signature';
import { generateSecret } from '../../../server/src/domain/signing-secret';

/** The vector of the Standard Webhooks libraries. */
const VECTOR = {
  secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const now = new Date(VECTOR.timestamp * 1000);
const SECRET = `whsec_${Buffer.alloc(32, 'newswire').toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(32, 'old').toString('base64')}`;

const REQUEST = { id: VECTOR.id, eventType: 'content.ready', sequenceNumber: 7, now };

function sign(secrets: SigningSecret[], at = now) {
  return signHeaders({ ...REQUEST, keys: prepareKeys(secrets), now: at, body: VECTOR.body });
}

describe('a new secret', () => {
  it('is whsec_ and 32 random bytes in base64', () => {
    const secret = generateSecret((size) => Buffer.alloc(size, 0xff));
    expect(secret).toBe(`whsec_${'/'.repeat(42)}8=`);
    expect(Buffer.from(generateSecret(randomBytes).slice(6), 'base64')).toHaveLength(32);
    expect(generateSecret(randomBytes)).not.toBe(generateSecret(randomBytes));
  });
});

describe('signing', () => {
  it('makes the signature of the Standard Webhooks vector', () => {
    const headers = sign([{ kid: 'k1', secret: VECTOR.secret, current: true }]);
    expect(headers).toMatchObject({
      'webhook-id': VECTOR.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': VECTOR.signature,
      'X-Signature-KID': 'k1',
    });
  });

  it('keys webhook-signature with the decoded bytes and X-Signature with the text as shown', () => {
    const headers = sign([{ kid: 'k1', secret: SECRET, current: true }]);
    const bytes = Buffer.alloc(32, 'newswire');
    const content = `${VECTOR.id}.${VECTOR.timestamp}.${VECTOR.body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', bytes).update(content).digest('base64')}`,
    );
    expect(headers['X-Signature']).toBe(
      `sha256=${createHmac('sha256', SECRET).update(VECTOR.body).digest('hex')}`,
    );
  });

  it('signs with every key in force, the current one first and alone in X-Signature', () => {
    const headers = sign([
      { kid: 'old', secret: OLD_SECRET, current: false },
      { kid: 'new', secret: SECRET, current: true },
    ]);
    const alone = sign([{ kid: 'new', secret: SECRET, current: true }]);
    const oldAlone = sign([{ kid: 'old', secret: OLD_SECRET, current: true }]);
    expect(headers['webhook-signature']).toBe(
      `${alone['webhook-signature']} ${oldAlone['webhook-signature']}`,
    );
    expect(headers['X-Signature']).toBe(alone['X-Signature']);
    expect(headers['X-Signature-KID']).toBe('new');
  });

  it('signs with a key on its way out until its instant of expiry, and not at it', () => {
    const expiresAt = new Date(now.getTime() + 5_000);
    const secrets = [
      { kid: 'new', secret: SECRET, current: true },
      { kid: 'old', secret: OLD_SECRET, current: false, expiresAt },
    ];
    const keys = prepareKeys(secrets);
    const entries = (at: number) => {
      const request = { ...REQUEST, keys, now: new Date(at), body: VECTOR.body };
      return signHeaders(request)['webhook-signature'].split(' ').length;
    };
    expect(entries(expiresAt.getTime() - 1)).toBe(2);
    expect(entries(expiresAt.getTime())).toBe(1);
    expect(entries(expiresAt.getTime() + 1)).toBe(1);
  });

  it('signs the same bytes alike, as text and as a buffer', () => {
    const keys = prepareKeys([{ kid: 'k', secret: SECRET, current: true }]);
    const request = { ...REQUEST, keys, id: 'ä' };
    expect(signHeaders({ ...request, body: Buffer.from('{"title":"Größe"}') })).toEqual(
      signHeaders({ ...request, body: '{"title":"Größe"}' }),
    );
  });

  test.each([
    ['no key', []],
    ['no current key', [{ kid: 'a', secret: SECRET, current: false }]],
    [
      'two current keys',
      [
        { kid: 'a', secret: SECRET, current: true },
        { kid: 'b', secret: OLD_SECRET, current: true },
      ],
    ],
    ['an empty secret', [{ kid: 'a', secret: '', current: true }]],
    ['a bare prefix', [{ kid: 'a', secret: 'whsec_', current: true }]],
    ['a secret that is not base64', [{ kid: 'a', secret: 'whsec_not base64!', current: true }]],
  ])('refuses %s', (_what, secrets) => {
    expect(() => prepareKeys(secrets)).toThrow(/signing key must be current|secret of key a/);
  });

  it('never puts a secret into its error', () => {
    const secret = 'whsec_hunter2!!';
    expect(() => prepareKeys([{ kid: 'a', secret, current: true }])).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });
});
