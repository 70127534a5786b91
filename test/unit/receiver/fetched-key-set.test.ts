import { describe, expect, it } from 'vitest';
import { checkAsymmetric } from '../../../server/src/receiver/check-asymmetric';
import { fetchedKeySet } from '../../../server/src/receiver/fetched-key-set';
import { headerReader } from '../../../server/src/receiver/request';
import { readSigned, type Signed } from '../../../server/src/receiver/signed';
import { keysOf, makeProducer, NOW, signedRequest, type Producer } from './signed-request';

const MINUTE = 60_000;
const time = { now: NOW, toleranceSeconds: 300 };

/** A key set at a producer whose answers a test sets, on a clock that it moves. */
function fetched(answer: () => Response | Promise<Response>) {
  const seen = { asked: 0, now: 1_000_000, inits: [] as RequestInit[] };
  const keySet = fetchedKeySet(new URL('https://cms.example.com/api/newswire/jwks.json'), {
    fetch: async (_url, init) => {
      seen.asked += 1;
      seen.inits.push(init);
      return answer();
    },
    now: () => seen.now,
  });
  return { keySet, seen };
}

const published = (...producers: Producer[]) =>
  Response.json({ keys: producers.map(({ jwk }) => jwk) });

function signedBy(producer: Producer, jws = true): Signed {
  const { headers, body } = signedRequest(keysOf({ producer, jws }));
  return readSigned(headerReader(headers), Buffer.from(body)) as Signed;
}

describe('keys that are fetched', () => {
  it('are asked for once, by however many requests come at once, and again after ten minutes', async () => {
    const producer = makeProducer();
    const { keySet, seen } = fetched(() => published(producer));
    await Promise.all(Array.from({ length: 20 }, () => keySet.keys()));
    expect(seen.asked).toBe(1);
    seen.now += 9 * MINUTE;
    await keySet.keys();
    expect(seen.asked).toBe(1);
    seen.now += 2 * MINUTE;
    await keySet.keys();
    expect(seen.asked).toBe(2);
    expect(seen.inits[0]).toMatchObject({ redirect: 'error' });
    expect(seen.inits[0]?.signal).toBeInstanceOf(AbortSignal);
  });

  it('are asked for again when a rotation has brought a key that is not known', async () => {
    const [before, after] = [makeProducer(), makeProducer()];
    let current = [before];
    const { keySet, seen } = fetched(() => published(...current));
    expect(await checkAsymmetric(signedBy(before), keySet, time)).toBeNull();
    current = [after, before];
    seen.now += 11_000;
    expect(await checkAsymmetric(signedBy(after), keySet, time)).toBeNull();
    expect(await checkAsymmetric(signedBy(before), keySet, time)).toBeNull();
    expect(seen.asked).toBe(2);
  });

  it('are not asked for by every forged request; what comes meanwhile is to come again', async () => {
    const [producer, stranger] = [makeProducer(), makeProducer()];
    const { keySet, seen } = fetched(() => published(producer));
    for (let times = 0; times < 50; times += 1) {
      expect(await checkAsymmetric(signedBy(stranger), keySet, time)).toMatchObject({
        code: 'keys_unavailable',
        status: 503,
      });
    }
    expect(seen.asked).toBe(1);
    seen.now += 11_000;
    expect(await checkAsymmetric(signedBy(stranger), keySet, time)).toMatchObject({
      code: 'signature_mismatch',
      status: 401,
    });
    expect(seen.asked).toBe(2);
  });

  it('are used for an hour while the producer cannot be reached, and not longer', async () => {
    const producer = makeProducer();
    let up = true;
    const { keySet, seen } = fetched(() => {
      if (!up) throw new Error('ECONNREFUSED');
      return published(producer);
    });
    await keySet.keys();
    up = false;
    seen.now += 59 * MINUTE;
    expect(await keySet.keys()).toHaveLength(1);
    seen.now += 2 * MINUTE;
    await expect(keySet.keys()).rejects.toThrow(
      /could not be had from https:\/\/cms\.example\.com/,
    );
    const asked = seen.asked;
    await expect(keySet.keys()).rejects.toThrow();
    expect(seen.asked).toBe(asked);
    up = true;
    seen.now += 11_000;
    expect(await checkAsymmetric(signedBy(producer), keySet, time)).toBeNull();
  });

  it.each([
    ['is not there', () => new Response('', { status: 404 })],
    ['is a page', () => new Response('<html>')],
    ['holds no key', () => Response.json({ keys: [] })],
    [
      'holds keys of other kinds only',
      () => Response.json({ keys: [{ kty: 'RSA', n: 'x' }, null, 7] }),
    ],
    [
      'is larger than 64 KiB',
      () => new Response(JSON.stringify({ keys: [makeProducer().jwk] }) + ' '.repeat(70_000)),
    ],
    [
      'has a key of the wrong length',
      () => Response.json({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA' }] }),
    ],
  ])('are unavailable where the answer %s', async (_what, answer) => {
    const { keySet } = fetched(answer);
    await expect(keySet.keys()).rejects.toThrow(/could not be had/);
    const refusal = await checkAsymmetric(signedBy(makeProducer()), keySet, time);
    expect(refusal).toMatchObject({ code: 'keys_unavailable', status: 503 });
  });
});
