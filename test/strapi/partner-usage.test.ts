import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Feed } from '../../server/src/contracts/feed';
import type { StandingSubscription } from '../../server/src/contracts/backpressure';
import type { CreatedToken, Partner } from '../../server/src/contracts/partner';
import type { CreatedSubscription, Subscription } from '../../server/src/contracts/subscription';
import type { Usage } from '../../server/src/contracts/usage';
import type { HttpClient } from '../support/http-client';
import {
  makePartner,
  makePartnerToken,
  PARTNERS,
  withToken,
  type Refused,
} from '../support/partners';
import { startReceiver, type Receiver } from '../support/receiver';
import { startStrapi, type TestStrapi } from '../support/strapi';

const SUBSCRIPTIONS = '/api/newswire/manage/subscriptions';

describe('A partner of its own subscriptions', () => {
  let app: TestStrapi;
  let manager: HttpClient;
  let receiver: Receiver;
  let partner: Partner;
  let token: CreatedToken;
  let client: HttpClient;

  beforeAll(async () => {
    receiver = await startReceiver();
    app = await startStrapi({
      options: (options) => ({
        ...options,
        network: { allowHttp: true, allow: ['127.0.0.0/8'] },
        overrides: {
          'entry.created': { audience: 'partner' },
        },
      }),
    });
    manager = await app.apiToken();
  });

  beforeEach(async () => {
    partner = await makePartner(manager);
    token = await makePartnerToken(manager, partner.id);
    client = withToken(app.url, token.token);
  });

  afterAll(async () => {
    await app.stop();
    await receiver.close();
  });

  const subscribe = async (partnerId: string | null, body: object = {}) =>
    (
      await manager.post<{ data: CreatedSubscription }>(SUBSCRIPTIONS, {
        name: 'Theirs',
        destination: { url: receiver.url() },
        event_types: ['entry.created'],
        partner_id: partnerId,
        ...body,
      })
    ).body.data;
  const write = async (name: string) =>
    app.strapi.documents('api::person.person').create({
      data: {
        name,
        slug: `s-${Math.random()}`,
        title: 'Counsel',
        executive_role: 'legal',
      } as never,
    });
  const usage = async () => (await client.get<{ data: Usage }>('/api/newswire/usage')).body.data;
  const pause = (id: string, body: object = {}) =>
    client.post<{ data: StandingSubscription } & Refused>(
      `/api/newswire/subscriptions/${id}/pause`,
      body,
    );
  const resume = (id: string) =>
    client.post<{ data: StandingSubscription } & Refused>(
      `/api/newswire/subscriptions/${id}/resume`,
    );

  it('pauses and resumes: what has happened meanwhile arrives afterwards', async () => {
    const { id } = await subscribe(partner.id);
    const paused = await pause(id, { seconds: 600, reason: 'Maintenance' });
    expect(paused.status).toBe(200);
    expect(paused.body).toEqual({
      data: {
        id,
        state: 'paused',
        state_reason: 'Maintenance',
        paused_until: expect.stringMatching(/Z$/) as string,
      },
    });
    expect(
      (await manager.get<{ data: Subscription }>(`${SUBSCRIPTIONS}/${id}`)).body.data,
    ).toMatchObject({ state: 'paused', state_reason: 'Maintenance' });
    await write('While paused');
    await expect
      .poll(async () => (await usage()).subscriptions[0]?.backlog, { timeout: 5_000 })
      .toBe(1);
    expect((await usage()).subscriptions[0]).toMatchObject({
      id,
      name: 'Theirs',
      state: 'paused',
      backlog: 1,
      oldest_waiting_at: expect.stringMatching(/Z$/) as string,
      last_delivered_sequence_number: null,
      last_delivered_at: null,
      dead_letters: 0,
    });
    const resumed = await resume(id);
    expect(resumed.body.data).toEqual({
      id,
      state: 'active',
      state_reason: null,
      paused_until: null,
    });
    await expect
      .poll(async () => (await usage()).subscriptions[0], { timeout: 5_000 })
      .toMatchObject({
        backlog: 0,
        oldest_waiting_at: null,
        last_delivered_sequence_number: expect.any(Number) as number,
        last_delivered_at: expect.stringMatching(/Z$/) as string,
      });
  });

  it('goes on by itself when the time is over', async () => {
    const { id } = await subscribe(partner.id);
    await pause(id, { seconds: 1 });
    await expect
      .poll(async () => (await usage()).subscriptions[0]?.state, { timeout: 5_000 })
      .toBe('active');
  });

  it('raises webhook.subscription_paused, with the partner as its actor', async () => {
    const { id } = await subscribe(partner.id);
    await pause(id, { reason: 'Full' });
    const { body } = await manager.get<{ data: { actor: object; payload: object }[] }>(
      `/api/newswire/manage/events?event_type=webhook.subscription_paused&subject_id=${id}`,
    );
    expect(body.data).toHaveLength(1);
    expect(body.data[0]).toMatchObject({
      actor: { type: 'partner', user_id: partner.id, display_name: 'Northstar', role: null },
    });
  });

  it('finds neither ours nor another partner’s, and lets alone what an admin has paused', async () => {
    const other = await makePartner(manager);
    for (const { id } of [await subscribe(null), await subscribe(other.id), { id: 'nothing' }]) {
      for (const reply of [await pause(id), await resume(id)]) {
        expect(reply.status).toBe(404);
        expect(reply.body.error.details.code).toBe('not_found');
      }
    }
    const { id } = await subscribe(partner.id);
    await manager.post(`${SUBSCRIPTIONS}/${id}/pause`, { reason: 'Ours to say' });
    const reply = await resume(id);
    expect(reply.status).toBe(409);
    expect(reply.body.error.details).toEqual({
      code: 'paused_by_admin',
      state_reason: 'Ours to say',
    });
    await manager.post(`${SUBSCRIPTIONS}/${id}/resume`);
    expect((await pause(id)).status).toBe(200);
    // An admin may overrule the partner, and the partner pauses anew.
    await manager.post(`${SUBSCRIPTIONS}/${id}/resume`);
    expect((await usage()).subscriptions[0]?.state).toBe('active');
  });

  it('is refused a body that is none', async () => {
    const { id } = await subscribe(partner.id);
    for (const body of [{ seconds: 'x' }, { seconds: 86_401 }, { until: 'noon' }, { reason: 5 }]) {
      const reply = await pause(id, body);
      expect(reply.status).toBe(400);
      expect(reply.body.error.details.code).toBe('invalid_body');
    }
  });

  it('sees how it stands, and nothing of how anybody else does', async () => {
    const other = await makePartner(manager);
    await subscribe(other.id);
    await subscribe(null);
    const { id } = await subscribe(partner.id);
    expect(await usage()).toEqual({
      partner: { id: partner.id, name: 'Northstar' },
      token: {
        id: token.id,
        name: 'Reader',
        scopes: token.scopes,
        expires_at: null,
        last_used_at: null,
      },
      quota: {
        rate_per_minute: 600,
        used: 1,
        remaining: 599,
        resets_at: expect.stringMatching(/:00\.000Z$/) as string,
      },
      requests_last_24h: 1,
      subscriptions: [expect.objectContaining({ id }) as object],
      feeds: [],
    });
  });

  it('sees how far its token has read each of its feeds, and learns of nothing that they do not show', async () => {
    const id = partner.id.slice(-12);
    const addFeed = async (slug: string, body: object = {}) => {
      const reply = await manager.post<{ data: Feed }>('/api/newswire/manage/feeds', {
        slug: `${slug}-${id}`,
        title: `Feed ${slug}`,
        event_types: ['entry.created'],
        ...body,
      });
      return reply.body.data;
    };
    const other = await makePartner(manager);
    const a = await addFeed('a', { partner_ids: [partner.id, other.id] });
    const b = await addFeed('b', { partner_ids: [partner.id] });
    await addFeed('c');
    await addFeed('d', { partner_ids: [other.id] });
    await write('Before');
    const page = () =>
      client.get<{ data: { sequence_number: number }[] }>(
        `/api/newswire/feeds/${a.slug}/events?limit=1000`,
      );
    await expect.poll(async () => (await page()).body.data.length, { timeout: 5_000 }).not.toBe(0);
    const last = (await page()).body.data.at(-1)?.sequence_number;
    const unread = { last_read_sequence_number: null, last_read_at: null, lag: null };
    const second = { slug: b.slug, title: 'Feed b', ...unread };
    const seen = (lag: number) => [
      {
        slug: a.slug,
        title: 'Feed a',
        last_read_sequence_number: last,
        last_read_at: expect.stringMatching(/Z$/) as string,
        lag,
      },
      second,
    ];
    await expect.poll(async () => (await usage()).feeds, { timeout: 8_000 }).toEqual(seen(0));
    await write('After');
    await expect.poll(async () => (await usage()).feeds, { timeout: 5_000 }).toEqual(seen(1));
    // What the feed does not show counts for nothing: these events are for our own alone.
    const { id: own } = await subscribe(null);
    await manager.post(`${SUBSCRIPTIONS}/${own}/pause`);
    await manager.post(`${SUBSCRIPTIONS}/${own}/test`);
    expect((await usage()).feeds).toEqual(seen(1));
    // A partner that is deleted reads no feed any more.
    expect((await manager.delete(`${PARTNERS}/${partner.id}`)).status).toBe(204);
    const left = await manager.get<{ data: Feed }>(`/api/newswire/manage/feeds/${a.id}`);
    expect(left.body.data.partner_ids).toEqual([other.id]);
    const { connection } = app.strapi.db;
    expect(await connection('newswire_feed_reads').where({ token_id: token.id })).toEqual([]);
  });
});
