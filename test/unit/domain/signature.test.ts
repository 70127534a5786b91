import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import {
  generateSecret,
  prepareKeys,
  signHeaders,
  verifyStandardWebhook,
  verifyXSignature,
} from '../../../server/src/domain/signature';

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

function sign(secrets: { kid: string; secret: string; current: boolean }[], body = VECTOR.body) {
  const keys = prepareKeys(secrets);
  return signHeaders({ keys, id: VECTOR.id, timestampSeconds: VECTOR.timestamp, body });
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

  it('signs the same bytes alike, as text and as a buffer', () => {
    const keys = prepareKeys([{ kid: 'k', secret: SECRET, current: true }]);
    const request = { keys, id: 'ä', timestampSeconds: 1 };
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

describe('verifying a Standard Webhook', () => {
  const right = {
    'webhook-id': VECTOR.id,
    'webhook-timestamp': String(VECTOR.timestamp),
    'webhook-signature': VECTOR.signature,
  };
  const verify = (changes: {
    headers?: Record<string, string | string[] | undefined>;
    secret?: string;
    body?: string | Buffer;
    now?: Date;
  }) =>
    verifyStandardWebhook({
      secret: VECTOR.secret,
      body: VECTOR.body,
      now,
      ...changes,
      headers: { ...right, ...changes.headers },
    });
  const signature = (value: string) => verify({ headers: { 'webhook-signature': value } });

  it('accepts the vector, with and without whsec_, as text and as a buffer', () => {
    expect(verify({})).toEqual({ valid: true });
    expect(verify({ secret: `whsec_${VECTOR.secret}` })).toEqual({ valid: true });
    expect(verify({ body: Buffer.from(VECTOR.body) })).toEqual({ valid: true });
  });

  it('accepts what this plugin signs, by either of two keys', () => {
    const headers = sign([
      { kid: 'old', secret: OLD_SECRET, current: false },
      { kid: 'new', secret: SECRET, current: true },
    ]);
    for (const secret of [SECRET, OLD_SECRET]) {
      expect(verify({ secret, headers: { ...headers } })).toEqual({ valid: true });
    }
    expect(verify({ headers: { ...headers } }).valid).toBe(false);
  });

  test.each(['', 'whsec_', '====', 'a b', 'whsec_€', 'A'])('refuses the secret "%s"', (secret) => {
    expect(verify({ secret })).toMatchObject({
      valid: false,
      reason: expect.stringContaining('The secret is empty'),
    });
  });

  it('refuses an empty secret even where the signature was made with one', () => {
    const forged = createHmac('sha256', '')
      .update(`${VECTOR.id}.${VECTOR.timestamp}.${VECTOR.body}`)
      .digest('base64');
    expect(verify({ secret: '', headers: { 'webhook-signature': `v1,${forged}` } }).valid).toBe(
      false,
    );
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'refuses a request without %s, and names it',
    (name) => {
      const reason = `The header ${name} is missing`;
      expect(verify({ headers: { [name]: undefined } })).toEqual({ valid: false, reason });
      expect(verify({ headers: { [name]: '' } })).toEqual({ valid: false, reason });
      expect(verify({ headers: { [name]: ['a', 'b'] } })).toEqual({ valid: false, reason });
    },
  );

  test.each(['abc', '1614265330abc', '1614265330.0', '-1', '0x6037', 'NaN', '1e9', ' '])(
    'refuses the timestamp "%s", which is no number of seconds',
    (timestamp) => {
      expect(verify({ headers: { 'webhook-timestamp': timestamp } })).toMatchObject({
        valid: false,
        reason: expect.stringMatching(/timestamp/),
      });
    },
  );

  it('refuses such a timestamp even where it was signed', () => {
    const digest = createHmac('sha256', Buffer.from(VECTOR.secret, 'base64'))
      .update(`${VECTOR.id}.NaN.${VECTOR.body}`)
      .digest('base64');
    const headers = { 'webhook-timestamp': 'NaN', 'webhook-signature': `v1,${digest}` };
    expect(verify({ headers }).valid).toBe(false);
  });

  it('takes a header that came in a list of one', () => {
    expect(verify({ headers: { 'webhook-id': [VECTOR.id] } })).toEqual({ valid: true });
  });

  test.each([
    [0, true],
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
    [86_400 * 365, false],
  ])('with a clock %i s off is valid: %s', (seconds, valid) => {
    expect(verify({ now: new Date(now.getTime() + seconds * 1000) }).valid).toBe(valid);
  });

  test.each([
    ['nothing after the version', 'v1,'],
    ['only a prefix of the right one', VECTOR.signature.slice(0, -5)],
    ['the right one and more', `${VECTOR.signature}=`],
    ['no version', VECTOR.signature.slice(3)],
    ['another version', VECTOR.signature.replace('v1,', 'v2,')],
    ['a wrong one', 'v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['all of them wrong', 'v1,AAAA v1,BBBB v2,CCCC'],
    ['another alphabet', VECTOR.signature.replace('+', '-').replace('/', '_')],
    ['commas between them', `v1,AAAA,${VECTOR.signature}`],
  ])('refuses a signature that has %s', (_what, value) => {
    expect(signature(value)).toMatchObject({
      valid: false,
      reason: expect.stringMatching(/webhook-signature/),
    });
  });

  test.each([
    `v1,AAAA ${VECTOR.signature}`,
    `v9,whatever v1,BBBB ${VECTOR.signature}`,
    `v1a,ZWQyNTUxOQ== ${VECTOR.signature} v1,CCCC`,
  ])('accepts the right signature after others: %s', (value) => {
    expect(signature(value)).toEqual({ valid: true });
  });

  it('refuses an emptied body, and accepts an empty one that was signed', () => {
    expect(verify({ body: '' }).valid).toBe(false);
    const headers = sign([{ kid: 'k', secret: VECTOR.secret, current: true }], '');
    expect(verify({ body: '', headers: { ...headers } })).toEqual({ valid: true });
  });

  test.each([
    ['body', { body: `${VECTOR.body} ` }],
    ['id', { headers: { 'webhook-id': 'msg_other' } }],
    ['timestamp', { headers: { 'webhook-timestamp': String(VECTOR.timestamp + 1) } }],
    ['secret', { secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx' }],
  ])('refuses a changed %s', (_what, changes) => {
    expect(verify(changes).valid).toBe(false);
  });
});

describe('verifying X-Signature', () => {
  const body = VECTOR.body;
  const right = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  const verify = (
    signature: string | undefined,
    secret = SECRET,
    received: string | Buffer = body,
  ) => verifyXSignature({ secret, headers: { 'x-signature': signature }, body: received });

  it('accepts what this plugin signs', () => {
    const headers = sign([{ kid: 'k', secret: SECRET, current: true }]);
    expect(verify(headers['X-Signature'])).toEqual({ valid: true });
    expect(verify(right, SECRET, Buffer.from(body))).toEqual({ valid: true });
  });

  test.each([
    ['a missing header', undefined, SECRET],
    ['an empty header', '', SECRET],
    ['a bare algorithm', 'sha256=', SECRET],
    ['a prefix of the right one', right.slice(0, -2), SECRET],
    ['no algorithm', right.slice('sha256='.length), SECRET],
    ['upper case', right.toUpperCase(), SECRET],
    ['another secret', right, OLD_SECRET],
    ['the secret without whsec_', right, SECRET.slice('whsec_'.length)],
    ['an empty secret', `sha256=${createHmac('sha256', '').update(body).digest('hex')}`, ''],
  ])('refuses %s', (_what, signature, secret) => {
    expect(verify(signature, secret)).toEqual({
      valid: false,
      reason: expect.stringMatching(/X-Signature|secret is empty/),
    });
  });

  it('refuses a changed and an emptied body', () => {
    expect(verify(right, SECRET, `${body}\n`).valid).toBe(false);
    expect(verify(right, SECRET, '').valid).toBe(false);
  });
});
