import { createHmac } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { prepareKeys, signHeaders } from '../../../server/src/domain/signature';
import { createReceiver, type ReceiverOptions } from '../../../server/src/receiver';
import { EVENT, keysOf, NOW, OLD_SECRET, SECRET, signedRequest, VECTOR } from './signed-request';

const right = {
  'webhook-id': VECTOR.id,
  'webhook-timestamp': String(VECTOR.timestamp),
  'webhook-signature': VECTOR.signature,
};

type Headers = Record<string, string | string[] | undefined>;

const verify = (
  changes: { headers?: Headers; body?: string | Buffer; now?: Date } = {},
  options: ReceiverOptions = { secrets: [VECTOR.secret] },
) =>
  createReceiver({ now: () => changes.now ?? NOW, ...options }).verify({
    headers: { ...right, ...changes.headers },
    body: changes.body ?? VECTOR.body,
  });
const entry = (value: string) => verify({ headers: { 'webhook-signature': value } });

describe('the vector of Standard Webhooks', () => {
  it('is what is signed, and is accepted', async () => {
    const keys = prepareKeys([{ kid: 'k1', secret: VECTOR.secret, current: true }]);
    const headers = signHeaders({
      keys,
      id: VECTOR.id,
      eventType: 'test',
      sequenceNumber: 1,
      now: NOW,
      body: VECTOR.body,
    });
    expect(headers).toMatchObject(right);
    expect(await verify()).toMatchObject({
      ok: true,
      id: VECTOR.id,
      timestamp: NOW,
      kind: 'other',
      body: { test: 2432232314 },
    });
  });

  it('is accepted with whsec_ before the secret, and with the body as bytes of any kind', async () => {
    const bytes = Buffer.from(VECTOR.body);
    for (const secrets of [[`whsec_${VECTOR.secret}`], { k: VECTOR.secret }]) {
      expect(await verify({ body: bytes }, { secrets })).toMatchObject({ ok: true });
    }
    const request = { headers: new Headers(right), body: new Uint8Array(bytes) };
    const receiver = createReceiver({ secrets: [VECTOR.secret], now: () => NOW });
    expect(await receiver.verify(request)).toMatchObject({ ok: true });
    expect(await receiver.verify({ ...request, body: request.body.buffer })).toMatchObject({
      ok: true,
    });
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'is refused without %s, and the header is named',
    async (name) => {
      for (const value of [undefined, '', ['a', 'b']]) {
        expect(await verify({ headers: { [name]: value } })).toMatchObject({
          ok: false,
          code: 'missing_header',
          reason: expect.stringContaining(name) as string,
          status: 401,
        });
      }
    },
  );

  it('is refused where a header is there twice under names that differ in case', async () => {
    expect(await verify({ headers: { 'Webhook-Id': VECTOR.id } })).toMatchObject({
      code: 'missing_header',
    });
  });

  test.each(['abc', '1614265330abc', '1614265330.0', '-1', '0x6037', 'NaN', '1e9', ' '])(
    'is refused with the timestamp "%s", even where that was signed',
    async (timestamp) => {
      const digest = createHmac('sha256', Buffer.from(VECTOR.secret, 'base64'))
        .update(`${VECTOR.id}.${timestamp}.${VECTOR.body}`)
        .digest('base64');
      const headers = { 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` };
      expect(await verify({ headers })).toMatchObject({ ok: false, code: 'malformed_header' });
    },
  );

  test.each([
    [0, true],
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
    [86_400 * 365, false],
  ])('with a clock %i s off is accepted: %s', async (seconds, ok) => {
    const verdict = await verify({ now: new Date(NOW.getTime() + seconds * 1000) });
    expect(verdict.ok).toBe(ok);
    if (!verdict.ok) expect(verdict.code).toBe('timestamp_out_of_tolerance');
  });

  it('is accepted as far off as the receiver wants', async () => {
    const now = new Date(NOW.getTime() + 60_000);
    const options = { secrets: [VECTOR.secret], toleranceSeconds: 59 };
    expect((await verify({ now }, options)).ok).toBe(false);
    expect((await verify({ now }, { ...options, toleranceSeconds: 60 })).ok).toBe(true);
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
    ['the right one behind more entries than are read', `${'v1,A '.repeat(16)}${VECTOR.signature}`],
  ])('is refused with a signature that has %s', async (_what, value) => {
    expect(await entry(value)).toMatchObject({ ok: false, code: 'signature_mismatch' });
  });

  test.each([
    `v1,AAAA ${VECTOR.signature}`,
    `v9,whatever v1,BBBB ${VECTOR.signature}`,
    `v1a,ZWQyNTUxOQ== ${VECTOR.signature} v1,CCCC`,
  ])('is accepted after others: %s', async (value) => {
    expect(await entry(value)).toMatchObject({ ok: true });
  });

  test.each([
    ['body', { body: `${VECTOR.body} ` }],
    ['body, emptied', { body: '' }],
    ['id', { headers: { 'webhook-id': 'msg_other' } }],
    ['timestamp', { headers: { 'webhook-timestamp': String(VECTOR.timestamp + 1) } }],
  ])('is refused with a changed %s', async (_what, changes) => {
    expect(await verify(changes)).toMatchObject({ ok: false, code: 'signature_mismatch' });
  });

  it('is refused with another secret', async () => {
    const secrets = ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx'];
    expect(await verify({}, { secrets })).toMatchObject({ ok: false, code: 'signature_mismatch' });
  });
});

describe('a receiver with secrets', () => {
  test.each(['', 'whsec_', '====', 'a b', 'whsec_€', 'A', 'whsec_hunter2!!'])(
    'cannot be made with the secret "%s", and does not tell it',
    (secret) => {
      expect(() => createReceiver({ secrets: { key_7: secret } })).toThrow(
        'The secret of key key_7 is empty or not base64; give it as it was shown',
      );
      expect(() => createReceiver({ secrets: [SECRET, secret] })).toThrow('The secret number 2');
    },
  );

  test.each([
    [{}, /Give secrets, jwks or both/],
    [{ secrets: [] }, /secrets is empty/],
    [{ secrets: {} }, /secrets is empty/],
    [{ secrets: [SECRET], toleranceSeconds: 0 }, /toleranceSeconds must be above 0/],
    [{ secrets: [SECRET], toleranceSeconds: Number.NaN }, /toleranceSeconds must be above 0/],
    [{ secrets: [SECRET], maxBodyBytes: 2 ** 31 }, /maxBodyBytes must be above 0/],
    [{ jwks: 'nonsense' }, /not a URL/],
    [{ jwks: 'http://example.com/jwks.json' }, /https/],
    [{ jwks: { keys: [] } }, /holds no key/],
    [{ jwks: {} as never }, /Not a JSON Web Key Set/],
  ])('cannot be made with %j', (options, message) => {
    expect(() => createReceiver(options)).toThrow(message);
  });

  it('accepts by either of two secrets, and names the key that fitted', async () => {
    const keys = prepareKeys([
      { kid: 'old', secret: OLD_SECRET, current: false },
      { kid: 'new', secret: SECRET, current: true },
    ]);
    const request = signedRequest(keys);
    const by = (secrets: Record<string, string>) =>
      createReceiver({ secrets, now: () => NOW }).verify(request);
    expect(await by({ old: OLD_SECRET })).toMatchObject({ ok: true, kid: 'old' });
    expect(await by({ new: SECRET })).toMatchObject({ ok: true, kid: 'new' });
    expect(await by({ new: SECRET, old: OLD_SECRET })).toMatchObject({ ok: true, kid: 'new' });
    expect(await by({ other: VECTOR.secret })).toMatchObject({ ok: false });
  });

  it('looks secrets up for every request where they are a function', async () => {
    let secrets = [OLD_SECRET];
    const receiver = createReceiver({ secrets: () => Promise.resolve(secrets), now: () => NOW });
    const request = signedRequest(keysOf({}));
    expect((await receiver.verify(request)).ok).toBe(false);
    secrets = [SECRET];
    expect((await receiver.verify(request)).ok).toBe(true);
    secrets = [''];
    await expect(receiver.verify(request)).rejects.toThrow('The secret number 1 is empty');
  });

  test.each([
    ['a bare algorithm', 'sha256='],
    [
      'the form of another body',
      `sha256=${createHmac('sha256', SECRET).update('x').digest('hex')}`,
    ],
    [
      'the decoded secret as its key',
      `sha256=${createHmac('sha256', Buffer.alloc(32, 'newswire')).update(JSON.stringify(EVENT)).digest('hex')}`,
    ],
  ])('refuses an X-Signature of a key it knows that has %s', async (_what, signature) => {
    const { headers, body } = signedRequest(keysOf({}));
    const receiver = createReceiver({ secrets: { key_1: SECRET }, now: () => NOW });
    expect(await receiver.verify({ headers, body })).toMatchObject({ ok: true, kid: 'key_1' });
    const request = { headers: { ...headers, 'x-signature': signature }, body };
    expect(await receiver.verify(request)).toMatchObject({ code: 'signature_mismatch' });
  });

  it('passes over an X-Signature of a key it does not know yet', async () => {
    const keys = prepareKeys([
      { kid: 'new', secret: SECRET, current: true },
      { kid: 'old', secret: OLD_SECRET, current: false },
    ]);
    const receiver = createReceiver({ secrets: { old: OLD_SECRET }, now: () => NOW });
    expect(await receiver.verify(signedRequest(keys))).toMatchObject({ ok: true, kid: 'old' });
  });

  it('refuses a parsed body, with the reason', async () => {
    const receiver = createReceiver({ secrets: [SECRET] });
    const request = { headers: {}, body: { event_id: 'x' } as never };
    await expect(receiver.verify(request)).rejects.toThrow(/bytes as they came/);
  });
});
