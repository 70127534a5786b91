import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLBACKS, openDesk, type CallbackDesk } from './desk';

describe('Callbacks that are not what they should be', () => {
  let desk: CallbackDesk;

  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk?.close());

  const play = { event_type: 'content.play', payload: { content_id: 'NL-3' } };

  it('are refused without a desk.token, with another one, or one that lacks the scope', async () => {
    const body = JSON.stringify(play);
    const key = { 'X-Idempotency-Key': 'k' };
    const reading = (await desk.addToken(desk.partner, ['feeds:read'])).token;
    const as = (given: string) => desk.send(body, { ...key, authorization: `Bearer ${given}` });
    expect(await desk.codeOf(desk.send(body, key))).toEqual([401, 'token_missing']);
    expect(await desk.codeOf(as(`nwp_${'x'.repeat(43)}`))).toEqual([401, 'token_unknown']);
    expect(await desk.codeOf(as('no-token'))).toEqual([401, 'token_unknown']);
    expect(await desk.codeOf(as(reading))).toEqual([403, 'scope_missing']);
    expect((await desk.api.post(CALLBACKS, play)).status).toBe(401);
  });

  it.each([
    ['', 'idempotency_key_missing'],
    ['x'.repeat(201), 'idempotency_key_invalid'],
    ['sch\u00f6n', 'idempotency_key_invalid'],
  ] as const)('are refused under the key %j', async (key: string, code) => {
    expect(await desk.codeOf(desk.tell(play, { key }))).toEqual([400, code]);
  });

  const bodies: [string, string][] = [
    ['nothing', ''],
    ['half of JSON', '{"event_type":"content.play"'],
    ['no object', '[]'],
    ['null', 'null'],
    ['a text', '"content.play"'],
    ['a type that there is not', JSON.stringify({ ...play, event_type: 'content.eaten' })],
    ['a type of ours', JSON.stringify({ ...play, event_type: 'entry.published' })],
    ['a type of nobody', JSON.stringify({ ...play, event_type: '__proto__' })],
    ['a field that there is not', JSON.stringify({ ...play, partner_id: 'x' })],
    ['a payload that is a list', JSON.stringify({ ...play, payload: [] })],
    ['no payload', JSON.stringify({ event_type: 'content.play' })],
    ['an answer that is a number', JSON.stringify({ ...play, in_reply_to: 7 })],
    [
      'depth',
      `{"event_type":"content.play","payload":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    ],
    [
      'a prototype',
      '{"event_type":"content.play","payload":{"content_id":"a","__proto__":{"b":1}}}',
    ],
    [
      'too many reports',
      JSON.stringify({
        ...play,
        payload: { items: Array.from({ length: 1_001 }, () => ({ content_id: 'a' })) },
      }),
    ],
  ];
  it.each(bodies)('are refused for %s', async (_, body) => {
    const reply = await desk.send(body, {
      authorization: `Bearer ${desk.token}`,
      'X-Idempotency-Key': randomUUID(),
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(400);
    expect(reply.body.error?.details.code).toBe('invalid_body');
  });

  it('are refused where they are no UTF-8, packed, or too large', async () => {
    const headers = () => ({
      authorization: `Bearer ${desk.token}`,
      'X-Idempotency-Key': randomUUID(),
    });
    const latin = Buffer.from(
      '{"event_type":"content.play","payload":{"content_id":"\u00e9"}}',
      'latin1',
    );
    expect(await desk.codeOf(desk.send(latin, headers()))).toEqual([400, 'invalid_body']);
    const packed = { ...headers(), 'Content-Encoding': 'gzip' };
    expect(await desk.codeOf(desk.send(JSON.stringify(play), packed))).toEqual([
      400,
      'invalid_body',
    ]);
    const large = JSON.stringify({ ...play, payload: { filler: 'x'.repeat(1_048_576) } });
    expect(await desk.codeOf(desk.send(large, headers()))).toEqual([413, 'body_too_large']);
    const huge = 'x'.repeat(20 * 1_048_576);
    expect(await desk.codeOf(desk.send(huge, headers()))).toEqual([413, 'body_too_large']);
  });

  it('never are an error of ours, however they are garbled', async () => {
    const whole = JSON.stringify({ ...play, in_reply_to: randomUUID() });
    let state = 42;
    const random = (below: number) =>
      (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let round = 0; round < 150; round += 1) {
      const bytes = Buffer.from(whole);
      for (let n = 0; n <= random(4); n += 1) bytes[random(bytes.length)] = random(256);
      const reply = await desk.send(bytes, {
        authorization: `Bearer ${desk.token}`,
        'X-Idempotency-Key': `fuzz-${round}`,
        'Content-Type': [
          'application/json',
          'multipart/form-data',
          'text/plain',
          'application/x-www-form-urlencoded',
        ][random(4)]!,
      });
      const said = `${bytes.toString('latin1')}: ${JSON.stringify(reply.body)}`;
      expect([202, 400, 422], said).toContain(reply.status);
      if (reply.status !== 202) expect(reply.body.error?.details.code, said).toBeTypeOf('string');
    }
  });

  it('may be of any content type, and of a path in any letters', async () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { authorization: `Bearer ${desk.token}`, 'X-Idempotency-Key': randomUUID() };
      const path = '/api/newswire/Callbacks/';
      const reply = await desk.send(
        JSON.stringify(play),
        { ...headers, 'Content-Type': type },
        path,
      );
      expect(reply.status, JSON.stringify(reply.body)).toBe(202);
      expect(reply.headers.get('ratelimit')).toBeTruthy();
    }
  });
});
