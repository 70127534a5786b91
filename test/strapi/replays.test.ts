import type { Core } from '@strapi/strapi';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Delivery } from '../../server/src/contracts/delivery';
import type { Replay, ReplayDryRun } from '../../server/src/contracts/replay';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import { createTestDatabase, describeOnEachDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import type { Receiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const PERSON = 'api::person.person';
const MANAGE = '/api/newswire/manage';

interface Refused {
  error: {
    status: number;
    name: string;
    details: { code?: string; errors?: { path: string[]; message: string }[] };
  };
}

describeOnEachDatabase('Replays', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let strapi: Core.Strapi;
  let api: HttpClient;
  let receiver: Receiver;
  const made: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({ database });
    ({ strapi } = app);
    api = await app.apiToken();
  });

  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  beforeEach(async () => {
    receiver = await startReceiver();
  });

  afterEach(async () => {
    for (const id of made.splice(0)) {
      await api.delete(`${MANAGE}/subscriptions/${id}`);
    }
    await receiver.close();
  });

  const subscribe = async (rest: object = {}) => {
    const reply = await api.post<{ data: CreatedSubscription }>(`${MANAGE}/subscriptions`, {
      name: 'Desk',
      destination: { url: receiver.url() },
      event_types: ['entry.created'],
      filter: { subject_types: [PERSON] },
      ...rest,
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    made.push(reply.body.data.id);
    return reply.body.data.id;
  };
  const save = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      const slug = `s-${Math.random()}`;
      const data = { name: 'Ana', slug, title: 'Counsel', executive_role: 'legal' };
      await strapi.documents(PERSON).create({ data: data as never });
    }
  };
  const deliveries = async (query: string) =>
    (await api.get<{ data: Delivery[] }>(`${MANAGE}/deliveries?limit=200&${query}`)).body.data;
  const settledOf = async (subscription: string, status: string, count: number) =>
    waitFor(
      async () =>
        (await deliveries(`subscription_id=${subscription}&status=${status}`)).length === count,
      10_000,
      `${count} ${status} deliveries`,
    );
  const start = async (body: object) => {
    const reply = await api.post<{ data: Replay }>(`${MANAGE}/replays`, body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    return reply.body.data;
  };
  const dryRun = async (body: object) => {
    const reply = await api.post<{ data: ReplayDryRun }>(`${MANAGE}/replays`, {
      ...body,
      dry_run: true,
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    return reply.body;
  };
  const find = async (id: string) =>
    (await api.get<{ data: Replay }>(`${MANAGE}/replays/${id}`)).body.data;
  const until = async (id: string, state: string) => {
    await waitFor(
      async () => (await find(id)).state === state,
      15_000,
      `the replay to be ${state}`,
    );
    return find(id);
  };
  const refused = async (body: object) => {
    const { status, body: answer } = await api.post<Refused>(`${MANAGE}/replays`, body);
    const { details } = answer.error;
    return {
      status,
      code: details.code,
      fields: details.errors?.map(({ path }) => path.join('.')),
    };
  };

  it('sends what a subscription that was added later has missed, once, marked, and in order', async () => {
    const since = new Date().toISOString();
    await save(5);
    await waitFor(async () => {
      const { body } = await api.get<{ data: { unsequenced: number } }>(`${MANAGE}/status`);
      return body.data.unsequenced === 0;
    });
    const subscription = await subscribe({ delivery: { order: 'strict' } });
    const body = { subscription_id: subscription, missing: true, since };
    expect(await dryRun(body)).toEqual({ data: { matched: 5 } });
    expect(await deliveries(`subscription_id=${subscription}`)).toEqual([]);
    expect((await api.get(`${MANAGE}/replays?subscription_id=${subscription}`)).body).toEqual({
      data: [],
      meta: { after: null, has_more: false },
    });

    const replay = await start(body);
    expect(replay).toMatchObject({ subscription_id: subscription, missing: true, matched: 5 });
    expect(replay.started_by).toMatchObject({ type: 'api-token' });
    const done = await until(replay.id, 'done');
    expect(done.progress).toEqual({
      scheduled: 5,
      waiting: 0,
      delivered: 5,
      dead: 0,
      cancelled: 0,
    });
    expect(receiver.requests).toHaveLength(5);
    expect(receiver.requests.map(({ headers }) => headers['x-replay'])).toEqual(
      Array(5).fill('true'),
    );
    const numbers = receiver.requests.map(
      ({ body: bytes }) =>
        (JSON.parse(bytes.toString()) as { sequence_number: number }).sequence_number,
    );
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(await dryRun(body)).toEqual({ data: { matched: 0 } });
    await save(1);
    await receiver.received(6);
    expect(receiver.requests[5]?.headers['x-replay']).toBeUndefined();
  });

  it('sends dead letters again once the receiver is mended, and counts how far it is', async () => {
    receiver.answer(404);
    const subscription = await subscribe();
    await save(4);
    await settledOf(subscription, 'dead', 4);
    expect(await dryRun({ subscription_id: subscription, status: 'dead' })).toEqual({
      data: { matched: 4 },
    });
    receiver.answer(204);
    const before = receiver.requests.length;
    const { id } = await start({
      subscription_id: subscription,
      status: 'dead',
      rate_per_second: 500,
    });
    const done = await until(id, 'done');
    expect(done).toMatchObject({ matched: 4, progress: { delivered: 4 } });
    expect(receiver.requests).toHaveLength(before + 4);
    expect(await dryRun({ subscription_id: subscription, status: 'dead' })).toEqual({
      data: { matched: 0 },
    });
    const again = await api.post<Refused>(`${MANAGE}/replays/${id}/cancel`);
    expect(again.status).toBe(409);
    expect(again.body.error.details.code).toBe('replay_finished');
  });

  it('waits while the subscription is paused, and is cancelled with all that waits', async () => {
    const subscription = await subscribe();
    await save(6);
    await settledOf(subscription, 'delivered', 6);
    await api.post(`${MANAGE}/subscriptions/${subscription}/pause`, {});
    const { id } = await start({ subscription_id: subscription, rate_per_second: 8 });
    await waitFor(async () => (await find(id)).progress.waiting >= 2, 5_000, 'waiting deliveries');
    const cancelled = await api.post<{ data: Replay }>(`${MANAGE}/replays/${id}/cancel`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.body.data).toMatchObject({ state: 'cancelled', progress: { waiting: 0 } });
    expect((await api.post(`${MANAGE}/replays/${id}/cancel`)).status).toBe(200);
    await api.post(`${MANAGE}/subscriptions/${subscription}/resume`);
    await save(1);
    await receiver.received(7);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(receiver.requests).toHaveLength(7);
    expect((await find(id)).progress.scheduled).toBe(cancelled.body.data.progress.scheduled);
  });

  it('ends with its subscription', async () => {
    const subscription = await subscribe();
    await save(3);
    await settledOf(subscription, 'delivered', 3);
    await api.post(`${MANAGE}/subscriptions/${subscription}/pause`, {});
    const { id } = await start({ subscription_id: subscription, rate_per_second: 1 });
    await waitFor(async () => (await find(id)).progress.scheduled > 0);
    expect((await api.delete(`${MANAGE}/subscriptions/${subscription}`)).status).toBe(204);
    expect(await find(id)).toMatchObject({
      state: 'cancelled',
      reason: 'The subscription was deleted',
      progress: { waiting: 0 },
    });
  });

  it('refuses what cannot be, and says which field', async () => {
    const subscription = await subscribe();
    const bad = (body: object) => refused({ subscription_id: subscription, ...body });
    expect(await refused({})).toMatchObject({ status: 400, fields: ['subscription_id'] });
    expect(await refused({ subscription_id: 'nobody' })).toMatchObject({
      status: 400,
      code: 'unknown_subscription',
      fields: ['subscription_id'],
    });
    expect(await bad({ colour: 'red' })).toMatchObject({ status: 400, fields: ['colour'] });
    expect(await bad({ status: 'waiting' })).toMatchObject({ status: 400, fields: ['status'] });
    expect(await bad({ status: 'dead', missing: true })).toMatchObject({
      status: 400,
      fields: ['status'],
    });
    expect(
      await bad({ since: '2026-02-01T00:00:00Z', until: '2026-01-01T00:00:00Z' }),
    ).toMatchObject({ status: 400, fields: ['until'] });
    expect(await bad({ rate_per_second: 501 })).toMatchObject({
      status: 400,
      fields: ['rate_per_second'],
    });
    expect((await api.get(`${MANAGE}/replays/nothing`)).status).toBe(404);
    expect((await api.post(`${MANAGE}/replays/nothing/cancel`)).status).toBe(404);
    expect((await api.get(`${MANAGE}/replays?state=lost`)).status).toBe(400);
    expect((await app.anonymous.post(`${MANAGE}/replays`, {})).status).toBe(401);
    receiver.answer(410);
    await save(1);
    await settledOf(subscription, 'dead', 1);
    expect(await refused({ subscription_id: subscription })).toMatchObject({
      status: 409,
      code: 'subscription_disabled',
    });
  });
});
