import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareKeys, signHeaders } from '../../../server/src/domain/signature';
import { MANAGE, openDesk, type CallbackDesk } from './desk';

describe('Callbacks by signature', () => {
  let desk: CallbackDesk;

  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk?.close());

  const text = JSON.stringify({ event_type: 'content.play', payload: { content_id: 'NL-2' } });
  const standard = (secret: string, body: string, now = new Date()) => {
    const keys = prepareKeys([{ kid: 'k', secret, current: true }]);
    const signed = { keys, id: randomUUID(), eventType: 'x', sequenceNumber: null, now, body };
    const headers = Object.entries({ ...signHeaders(signed) });
    return Object.fromEntries(headers.filter(([name]) => name.startsWith('webhook')));
  };
  const plain = (secret: string, body: string) => ({
    'X-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  });
  const sent = (id: string, headers: Record<string, string>, body = text) =>
    desk.send(body, { 'X-Subscription-Id': id, 'X-Idempotency-Key': randomUUID(), ...headers });

  it('are taken, by Standard Webhooks and by X-Signature', async () => {
    const { id, secret, kid } = desk.theirs;
    const answers = [
      await sent(id, standard(secret, text)),
      await sent(id, plain(secret, text)),
      await sent(id, { ...plain(secret, text), 'X-Signature-KID': kid }),
      await sent(id, { ...standard(secret, text), ...plain(secret, text) }),
      await sent(id, { ...plain(secret, text), 'Content-Type': 'text/plain' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    const { actor } = await desk.eventOf(answers[0]!);
    expect(actor).toMatchObject({ type: 'partner', user_id: desk.partner.id });
  });

  it('are over the bytes as they were sent', async () => {
    const spaced = text.replace('{', '{\n  ');
    expect((await sent(desk.theirs.id, plain(desk.theirs.secret, spaced), spaced)).status).toBe(
      202,
    );
    const refused = sent(desk.theirs.id, plain(desk.theirs.secret, text), spaced);
    expect(await desk.codeOf(refused)).toEqual([401, 'signature_mismatch']);
  });

  it('are refused where they do not fit, are old, or are of somebody else', async () => {
    const other = await desk.addPartner('Sound TV');
    const others = await desk.subscribe('/others', {
      partner_id: other.id,
      event_types: ['content.play'],
    });
    const internal = await desk.subscribe('/internal', { event_types: ['content.play'] });
    const { id, secret } = desk.theirs;
    const old = new Date(Date.now() - 301_000);
    const wrong = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const mismatch = [401, 'signature_mismatch'];
    const cases: [Record<string, string>, string, unknown][] = [
      [standard(wrong, text), id, mismatch],
      [plain(wrong, text), id, mismatch],
      [standard(others.secret, text), id, mismatch],
      [standard(secret, text), others.id, mismatch],
      [standard(internal.secret, text), internal.id, mismatch],
      [plain(internal.secret, text), internal.id, mismatch],
      [standard(secret, text), randomUUID(), mismatch],
      [standard(secret, text), "' or 1=1 --", mismatch],
      [standard(secret, text, old), id, [401, 'timestamp_out_of_tolerance']],
      [{}, id, [401, 'signature_missing']],
      [{ 'X-Signature': 'sha256=' }, id, mismatch],
    ];
    for (const [headers, subscription, refusal] of cases) {
      expect(await desk.codeOf(sent(subscription, headers)), JSON.stringify(headers)).toEqual(
        refusal,
      );
    }
  });

  it('are refused of a desk.partner that is suspended', async () => {
    const other = await desk.addPartner('Ferry TV');
    const { id, secret } = await desk.subscribe('/ferry', {
      partner_id: other.id,
      event_types: ['content.play'],
    });
    expect((await sent(id, standard(secret, text))).status).toBe(202);
    const suspended = await desk.api.patch(`${MANAGE}/partners/${other.id}`, {
      state: 'suspended',
    });
    expect(suspended.status).toBe(200);
    expect((await sent(id, standard(secret, text))).status).toBe(403);
  });
});
