import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../../server/src/domain/event';
import { httpClient, type HttpClient } from '../../support/http-client';
import { waitFor } from '../../support/wait-for';
import { MANAGE, openDesk, type CallbackDesk } from './desk';

describe('What a partner has told, in feeds', () => {
  let desk: CallbackDesk;

  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk?.close());

  /** A partner with the same rights as any other of these. */
  async function reader(name: string): Promise<{ id: string; token: string; http: HttpClient }> {
    const partner = await desk.addPartner(name);
    const { token } = await desk.addToken(partner, ['feeds:read', 'callbacks:write']);
    const http = httpClient(desk.app.url, { authorization: `Bearer ${token}` });
    return { id: partner.id, token, http };
  }

  async function tell(token: string, body: object): Promise<string> {
    const headers = { authorization: `Bearer ${token}`, 'X-Idempotency-Key': randomUUID() };
    const answer = await desk.send(JSON.stringify(body), headers);
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    return answer.body.data!.event_id;
  }

  const shown = async (http: HttpClient, slug: string): Promise<EventBody[]> =>
    (await http.get<{ data: EventBody[] }>(`/api/newswire/feeds/${slug}/events?limit=1000`)).body
      .data;
  const toldIn = async (http: HttpClient, slug: string) =>
    (await shown(http, slug)).filter(({ actor }) => actor.type === 'partner');

  it('is shown to that partner and to ourselves, and to no other with the same rights', async () => {
    const [one, other] = [await reader('Fjord TV'), await reader('Sound TV')];
    const feeds = { theirs: [one.id, other.id], ours: [] };
    for (const [slug, partner_ids] of Object.entries(feeds)) {
      const body = { slug, title: slug, partner_ids, event_types: ['*'] };
      expect((await desk.api.post(`${MANAGE}/feeds`, body)).status).toBe(201);
    }
    const event = await desk.publish();
    await waitFor(
      async () => (await shown(one.http, 'theirs')).length > 0,
      10_000,
      'the event in the feed',
    );
    const ids = {
      one: await tell(one.token, desk.ingested(event)),
      other: await tell(other.token, desk.ingested(event)),
    };
    await waitFor(
      async () => (await toldIn(desk.api, 'ours')).length === 2,
      10_000,
      'both answers in our own feed',
    );
    for (const [partner, id] of [
      [one, ids.one],
      [other, ids.other],
    ] as const) {
      expect((await toldIn(partner.http, 'theirs')).map(({ event_id }) => event_id)).toEqual([id]);
    }
  });

  it('is not how the subject stands', async () => {
    for (const http of [desk.api, (await reader('Ferry TV')).http]) {
      const records = await http.get<{ data: { event_type: string }[] }>(
        '/api/newswire/feeds/ours/records',
      );
      expect(JSON.stringify(records.body)).not.toContain('content.ingested');
    }
    const records = await desk.api.get('/api/newswire/feeds/ours/records');
    expect(records.status).toBe(200);
    expect(JSON.stringify(records.body)).toContain('entry.published');
  });
});
