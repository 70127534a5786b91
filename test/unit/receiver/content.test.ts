import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createReceiver, type ReceiverOptions } from '../../../server/src/receiver';
import { EVENT, keysOf, makeProducer, NOW, SECRET, signedRequest } from './signed-request';

const verify = (body: string | Buffer, options: Partial<ReceiverOptions> = {}) =>
  createReceiver({ secrets: [SECRET], now: () => NOW, ...options }).verify(
    signedRequest(keysOf({}), { body }),
  );

describe('a verified body', () => {
  it('is an event', async () => {
    const verdict = await verify(JSON.stringify(EVENT));
    expect(verdict).toMatchObject({ ok: true, kind: 'event', id: EVENT.event_id, events: [EVENT] });
  });

  it('is a batch of events', async () => {
    const batch = { batch_id: 'b1', events: [EVENT, { ...EVENT, sequence_number: 8 }] };
    expect(await verify(JSON.stringify(batch))).toMatchObject({
      kind: 'batch',
      batchId: 'b1',
      events: batch.events,
    });
  });

  it('is something else where a projection or another format has made it so', async () => {
    for (const body of [{ type: 'x', data: 1 }, { batch_id: 'b', events: [{ a: 1 }] }, [], null]) {
      expect(await verify(JSON.stringify(body))).toMatchObject({ kind: 'other', events: [], body });
    }
  });

  it('is unpacked, told by its first bytes and not by a header that is not signed', async () => {
    const packed = gzipSync(JSON.stringify(EVENT));
    expect(await verify(packed)).toMatchObject({ kind: 'event', events: [EVENT] });
  });

  it('is refused where it is not JSON, or no whole gzip', async () => {
    const packed = gzipSync(JSON.stringify(EVENT));
    for (const body of ['', '{', 'event', packed.subarray(0, -9), Buffer.from([0x1f, 0x8b])]) {
      expect(await verify(body)).toMatchObject({ code: 'malformed_body', status: 400 });
    }
  });

  it('is refused where it is too large, packed or unpacked', async () => {
    const options = { maxBodyBytes: 1_000 };
    const large = JSON.stringify({ ...EVENT, payload: 'x'.repeat(1_000) });
    expect(await verify(large, options)).toMatchObject({ code: 'body_too_large', status: 413 });
    const bomb = gzipSync(Buffer.alloc(50_000, 'x'));
    expect(bomb.length).toBeLessThan(1_000);
    expect(await verify(bomb, options)).toMatchObject({ code: 'body_too_large', status: 413 });
  });
});

describe('a body that was sent under gzip and unpacked by a framework on its way here', () => {
  const producer = makeProducer();
  const plain = JSON.stringify(EVENT);
  const packed = gzipSync(plain);
  const headers = (how: { ed25519?: boolean; jws?: boolean }) => ({
    ...signedRequest(keysOf({ producer, ...how }), { body: packed, plain }).headers,
    'content-encoding': 'gzip',
  });
  const options = { secrets: { key_1: SECRET }, jwks: { keys: [producer.jwk] }, now: () => NOW };

  it('is accepted by the entries that are over it, as are the bytes that were sent', async () => {
    const receiver = createReceiver(options);
    for (const body of [packed, plain]) {
      const verdict = await receiver.verify({ headers: headers({}), body });
      expect(verdict).toMatchObject({ ok: true, kind: 'event' });
    }
    const changed = plain.replace('ready', 'lost');
    expect((await receiver.verify({ headers: headers({}), body: changed })).ok).toBe(false);
  });

  it('is refused where a JWS alone says who signed: that is about the bytes that were sent', async () => {
    const { jwks, now } = options;
    const receiver = createReceiver({ jwks, now });
    const request = { headers: headers({ ed25519: false }) };
    expect(await receiver.verify({ ...request, body: packed })).toMatchObject({ ok: true });
    expect(await receiver.verify({ ...request, body: plain })).toMatchObject({
      code: 'signature_mismatch',
    });
  });
});
