import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Consumption } from '../../../server/src/contracts/callback';
import { waitFor } from '../../support/wait-for';
import { MANAGE, openDesk, type CallbackDesk } from './desk';

describe('Callbacks of partners', () => {
  let desk: CallbackDesk;

  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk?.close());

  it('deliver what was answered with 202 when the content is taken in', async () => {
    const event = await desk.publish();
    await desk.delivery(event, desk.theirs, 'awaiting_callback');
    const answer = await desk.tell(desk.ingested(event));
    expect(answer).toMatchObject({
      status: 202,
      body: { data: { event_id: expect.any(String) as unknown } },
    });
    await desk.delivery(event, desk.theirs, 'delivered');
    const told = await desk.eventOf(answer);
    expect(told).toMatchObject({
      event_type: 'content.ingested',
      actor: { type: 'partner', user_id: desk.partner.id, display_name: 'Fjord TV' },
      subject: event.subject,
      payload: { content_id: event.subject.id },
    });
    await waitFor(() => desk.seenAt('/ours').includes(told.event_id), 5_000, 'our own delivery');
    expect(desk.seenAt('/theirs')).not.toContain(told.event_id);
  });

  it('make what was answered with 202 a dead letter when the content is refused', async () => {
    const event = await desk.publish();
    await desk.delivery(event, desk.theirs, 'awaiting_callback');
    const payload = { content_id: event.subject.id, reason: 'No captions' };
    const body = { event_type: 'content.rejected', in_reply_to: event.event_id, payload };
    expect((await desk.tell(body)).status).toBe(202);
    const dead = await desk.delivery(event, desk.theirs, 'dead');
    expect(dead.reason).toBe('Rejected by the partner: No captions');
    await desk.failureOf(dead, 'rejected_by_partner');
  });

  it('that do not come make it one, too', async () => {
    const hasty = await desk.subscribe('/hasty', {
      partner_id: desk.partner.id,
      delivery: { callback_within_seconds: 1 },
    });
    const event = await desk.publish();
    await desk.delivery(event, hasty, 'awaiting_callback');
    const dead = await desk.delivery(event, hasty, 'dead', 15_000);
    expect(dead.reason).toBe('No callback within 1 second');
    await desk.failureOf(dead, 'callback_missed');
    expect((await desk.tell(desk.ingested(event))).status).toBe(202);
    expect((await desk.delivery(event, hasty, 'dead')).reason).toBe('No callback within 1 second');
    expect((await desk.api.delete(`${MANAGE}/subscriptions/${hasty.id}`)).status).toBe(204);
  });

  it('sent twenty times at once are one event', async () => {
    const key = randomUUID();
    const body = { event_type: 'content.play', payload: { content_id: 'NL-1', count: 3 } };
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.tell(body, { key })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map((one) => one.body.data?.event_id)).size).toBe(1);
    expect(answers[0]?.body.data?.idempotency_token).toBe(key);
    const listed = await desk.api.get<{ data: Consumption[] }>(
      `${MANAGE}/consumption?content_id=NL-1`,
    );
    expect(listed.body.data).toMatchObject([
      { partner_id: desk.partner.id, event_type: 'content.play', count: 3 },
    ]);
    const { event_id } = await desk.eventOf(answers[0]!);
    await waitFor(() => desk.seenAt('/ours').includes(event_id), 5_000, 'our own delivery');
    expect(desk.seenAt('/ours').filter((id) => id === event_id)).toHaveLength(1);
  });

  it('are refused with a code by rules that they break', async () => {
    const event = await desk.publish();
    const other = { ...desk.ingested(event), payload: { content_id: 'NL-other' } };
    expect(await desk.tell(other)).toMatchObject({
      status: 422,
      body: {
        data: null,
        error: {
          status: 422,
          details: { code: 'content_mismatch', errors: [{ path: ['payload', 'content_id'] }] },
        },
      },
    });
    const unknown = { ...desk.ingested(event), in_reply_to: randomUUID() };
    expect(await desk.codeOf(desk.tell(unknown))).toEqual([422, 'unknown_event']);
    const license = { ...other, event_type: 'license.accepted' };
    expect(
      await desk.codeOf(desk.tell({ ...license, payload: { title_id: event.subject.id } })),
    ).toEqual([422, 'not_an_offer']);
    const territory = { title_id: event.subject.id, territories: ['UK'] };
    expect(await desk.codeOf(desk.tell({ ...license, payload: territory }))).toEqual([
      422,
      'territory_unknown',
    ]);
  });

  it('are listed as consumption in pages, to who may read events', async () => {
    const body = (content_id: string) => ({ event_type: 'ad.impression', payload: { content_id } });
    for (const id of ['L-1', 'L-2', 'L-3']) expect((await desk.tell(body(id))).status).toBe(202);
    const of = `partner_id=${desk.partner.id}&event_type=ad.impression`;
    const first = await desk.admin.get<{ data: Consumption[]; meta: { after: string } }>(
      `/newswire/consumption?${of}&limit=2`,
    );
    expect(first.body.data.map(({ content_id }) => content_id)).toEqual(['L-1', 'L-2']);
    const rest = await desk.api.get<{ data: Consumption[]; meta: object }>(
      `${MANAGE}/consumption?${of}&after=${encodeURIComponent(first.body.meta.after)}`,
    );
    expect(rest.body).toMatchObject({
      data: [{ content_id: 'L-3', count: 1 }],
      meta: { after: null, has_more: false },
    });
    const wrong = await desk.api.get(`${MANAGE}/consumption?after=x`);
    expect(wrong).toMatchObject({
      status: 400,
      body: { error: { details: { code: 'invalid_query' } } },
    });
  });
});
