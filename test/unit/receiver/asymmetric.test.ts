import { CompactSign } from 'jose';
import { describe, expect, it, test } from 'vitest';
import { signJws, type ProducerKey } from '../../../server/src/domain/producer-key';
import { bodyDigest } from '../../../server/src/domain/signed-content';
import { createReceiver, type ReceiverOptions } from '../../../server/src/receiver';
import { EVENT, keysOf, makeProducer, NOW, SECRET, signedRequest } from './signed-request';

const producer = makeProducer();
const stranger = makeProducer();
const jwks = { keys: [{ ...producer.jwk }] };
const BODY = JSON.stringify(EVENT);

const verify = (request: ReturnType<typeof signedRequest>, options: ReceiverOptions = { jwks }) =>
  createReceiver({ now: () => NOW, ...options }).verify(request);

const withHeader = (
  request: ReturnType<typeof signedRequest>,
  name: string,
  value: string | undefined,
) => {
  const headers = Object.fromEntries(
    Object.entries({ ...request.headers, [name]: value }).filter(([, one]) => one !== undefined),
  ) as Record<string, string>;
  return { ...request, headers };
};

const claims = {
  event_id: EVENT.event_id,
  event_type: EVENT.event_type,
  sequence_number: 7,
  producer_id: 'northlight-cms',
  iat: NOW.getTime() / 1000,
  body_sha256: bodyDigest(BODY),
};

describe('a receiver with public keys', () => {
  it('accepts what the producer signs by v1a, by JWS, and by both', async () => {
    for (const how of [{ jws: false }, { ed25519: false }, {}]) {
      const request = signedRequest(keysOf({ producer, ...how }));
      expect(await verify(request)).toMatchObject({ ok: true, kind: 'event', kid: null });
      expect(await verify(request, { jwks, secrets: [SECRET] })).toMatchObject({ ok: true });
    }
  });

  it('accepts either key pair during a rotation', async () => {
    const next = makeProducer();
    const request = signedRequest(keysOf({ producer: next, older: producer, jws: false }));
    expect(await verify(request)).toMatchObject({ ok: true });
    expect(await verify(request, { jwks: { keys: [{ ...next.jwk }] } })).toMatchObject({
      ok: true,
    });
    expect(await verify(request, { jwks: { keys: [{ ...stranger.jwk }] } })).toMatchObject({
      code: 'signature_mismatch',
    });
  });

  it('wants both kinds of signature where it has both kinds of key', async () => {
    const both = { jwks, secrets: [SECRET] };
    expect(await verify(signedRequest(keysOf({})), both)).toMatchObject({
      code: 'missing_header',
      reason: expect.stringContaining('does not sign asymmetrically') as string,
    });
    const forAnother = `whsec_${Buffer.alloc(32, 'theirs').toString('base64')}`;
    const theirs = signedRequest(keysOf({ secret: forAnother, producer }));
    expect(await verify(theirs)).toMatchObject({ ok: true });
    expect(await verify(theirs, both)).toMatchObject({ code: 'signature_mismatch' });
  });

  test.each(['v1a,', 'v1a,AAAA', `v1a,${Buffer.alloc(64).toString('base64')}`, 'v1,AAAA'])(
    'refuses the entry "%s" alone',
    async (value) => {
      const request = signedRequest(keysOf({ producer, jws: false }));
      const verdict = await verify(withHeader(request, 'webhook-signature', value));
      expect(verdict.ok).toBe(false);
    },
  );

  it('refuses a v1a entry under another version, and one of a stranger', async () => {
    const request = signedRequest(keysOf({ producer, jws: false }));
    const [, v1a = ''] = request.headers['webhook-signature']?.split(' ') ?? [];
    expect(await verify(withHeader(request, 'webhook-signature', v1a))).toMatchObject({ ok: true });
    const renamed = v1a.replace('v1a,', 'v1,');
    expect((await verify(withHeader(request, 'webhook-signature', renamed))).ok).toBe(false);
    const strange = signedRequest(keysOf({ producer: stranger, jws: false }));
    expect(await verify(strange)).toMatchObject({ code: 'signature_mismatch' });
  });

  test.each([
    ['body', { body: `${BODY} ` }],
    ['id', { headers: { 'webhook-id': 'msg_other' } }],
    ['time', { headers: { 'webhook-timestamp': String(NOW.getTime() / 1000 + 1) } }],
  ])('refuses a changed %s', async (_what, change) => {
    const request = signedRequest(keysOf({ producer, jws: false }));
    const headers = { ...request.headers, ...('headers' in change ? change.headers : {}) };
    expect(await verify({ ...request, ...change, headers })).toMatchObject({
      code: 'signature_mismatch',
    });
  });
});

describe('X-Event-JWS', () => {
  const request = signedRequest(keysOf({ producer, ed25519: false }));
  const withJws = (jws: string) => verify(withHeader(request, 'x-event-jws', jws));
  const signed = (changes: object, key: ProducerKey = producer.key) =>
    signJws(key, { ...claims, ...changes });

  it('is accepted as it is made', async () => {
    expect(signed({})).toBe(request.headers['x-event-jws']);
    expect(await verify(request)).toMatchObject({ ok: true });
  });

  test.each([
    ['about another body', { body_sha256: bodyDigest('other') }, 'signature_mismatch'],
    ['about no body', { body_sha256: undefined }, 'signature_mismatch'],
    ['about another event', { event_id: 'other' }, 'signature_mismatch'],
    ['made long ago', { iat: claims.iat - 301 }, 'timestamp_out_of_tolerance'],
    ['made in the future', { iat: claims.iat + 301 }, 'timestamp_out_of_tolerance'],
    ['without a time', { iat: undefined }, 'timestamp_out_of_tolerance'],
    ['with a time that is no number', { iat: 'now' }, 'timestamp_out_of_tolerance'],
  ])('is refused where it is %s', async (_what, changes, code) => {
    expect(await withJws(signed(changes))).toMatchObject({ ok: false, code });
  });

  it('is refused where the key it names is not known, and where another signed in its name', async () => {
    expect(await withJws(signed({}, stranger.key))).toMatchObject({ code: 'unknown_key' });
    const impostor = { ...stranger.key, kid: producer.key.kid, jwsHeader: producer.key.jwsHeader };
    expect(await withJws(signed({}, impostor))).toMatchObject({ code: 'signature_mismatch' });
  });

  it('is refused where its parts were changed', async () => {
    const [header = '', payload = '', signature = ''] = signed({}).split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, sequence_number: 8 })).toString(
      'base64url',
    );
    expect((await withJws(`${header}.${other}.${signature}`)).ok).toBe(false);
    expect((await withJws(`${header}.${payload}.${signature.slice(0, -4)}`)).ok).toBe(false);
    expect((await withJws(`${header}.${payload}.`)).ok).toBe(false);
  });

  it('is refused under the algorithms none and HS256, which anybody could make', async () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${encode({ alg: 'none', kid: producer.jwk.kid })}.${encode(claims)}.`;
    expect(await withJws(none)).toMatchObject({ code: 'malformed_header' });
    const hmac = await new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'HS256', kid: producer.jwk.kid })
      .sign(Buffer.from(producer.jwk.x, 'base64url'));
    expect(await withJws(hmac)).toMatchObject({ code: 'malformed_header' });
  });

  test.each(['x', 'a.b', 'a.b.c', '...', 'ä.ö.ü', `${'a'.repeat(9000)}.b.c`])(
    'is refused where it is "%s"',
    async (jws) => {
      expect(await withJws(jws)).toMatchObject({ ok: false, status: 401 });
    },
  );

  it('is checked also where v1a entries fit', async () => {
    const both = signedRequest(keysOf({ producer }));
    const spoilt = withHeader(both, 'x-event-jws', signed({ event_id: 'other' }));
    expect(await verify(spoilt)).toMatchObject({ code: 'signature_mismatch' });
  });
});
