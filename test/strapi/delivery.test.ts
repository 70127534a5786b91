import type { Core } from '@strapi/strapi';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CreatedSubscription, Subscription } from '../../server/src/contracts/subscription';
import type { Attempt, Delivery, DeliveryDetail } from '../../server/src/contracts/delivery';
import type { StoredEvent } from '../../server/src/contracts/event';
import { describeOnEachDatabase, createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import type { Receiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const PERSON = 'api::person.person';

describeOnEachDatabase('Delivery', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let strapi: Core.Strapi;
  let admin: HttpClient;
  let receiver: Receiver;
  const made: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({ database });
    ({ strapi } = app);
    admin = await app.admin();
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
      await admin.delete(`/newswire/subscriptions/${id}`);
    }
    await receiver.close();
  });

  const subscribe = async (rest: object = {}) => {
    const reply = await admin.post<{ data: CreatedSubscription }>('/newswire/subscriptions', {
      name: 'Desk',
      destination: { url: receiver.url() },
      event_types: ['entry.*'],
      ...rest,
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    made.push(reply.body.data.id);
    return reply.body.data;
  };
  const save = async (name = 'Ana') =>
    strapi.documents(PERSON).create({
      data: {
        name,
        slug: `s-${Math.random()}`,
        title: 'Counsel',
        executive_role: 'legal',
      } as never,
    });
  const deliveries = async (query: string) =>
    (await admin.get<{ data: Delivery[] }>(`/newswire/deliveries?${query}`)).body.data;
  const detail = async (id: string) =>
    (await admin.get<{ data: DeliveryDetail }>(`/newswire/deliveries/${id}`)).body.data;
  const only = async (subscription: { id: string }) => {
    await waitFor(
      async () => (await deliveries(`subscription_id=${subscription.id}`)).length > 0,
      5_000,
      'a delivery',
    );
    return (await deliveries(`subscription_id=${subscription.id}`))[0]!;
  };
  const when = async (id: string, what: (delivery: DeliveryDetail) => boolean) => {
    await waitFor(async () => what(await detail(id)), 10_000, 'the delivery to get there');
    return detail(id);
  };
  const events = async (query: string) =>
    (await admin.get<{ data: StoredEvent[] }>(`/newswire/events?${query}`)).body.data;

  it('is tried again on schedule while the receiver is down, and arrives when it is back', async () => {
    const subscription = await subscribe({ delivery: { retry: [0, 0.3, 0.6, 1, 1, 1] } });
    await receiver.down();
    await save();
    const { id } = await only(subscription);
    const waiting = await when(id, ({ attempts, status }) => attempts >= 2 && status === 'waiting');
    expect(waiting.reason).toMatch(/^Connection refused by 127\.0\.0\.1/);
    expect(Date.parse(waiting.next_attempt_at ?? '')).toBeGreaterThan(Date.now() - 1_000);
    await receiver.up();
    const delivered = await when(id, ({ status }) => status === 'delivered');
    const { attempt_log: attempts } = delivered;
    expect(attempts.map((attempt) => attempt.number)).toEqual(attempts.map((_, i) => i + 1));
    expect(attempts.at(0)).toMatchObject({ outcome: 'transient', error_code: 'ECONNREFUSED' });
    expect(attempts.at(-1)).toMatchObject({ outcome: 'delivered', status_code: 204 });
    const [first, second] = attempts.map((attempt) => Date.parse(attempt.started_at));
    expect(second! - first!).toBeGreaterThanOrEqual(300);
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]?.headers['x-delivery-attempt']).toBe(String(attempts.length));
  });

  it('makes a 404 a dead letter at once, and says so by webhook.delivery_failed', async () => {
    receiver.answer({ status: 404, body: 'no such hook' });
    const subscription = await subscribe();
    const watcher = await startReceiver();
    await subscribe({
      destination: { url: watcher.url() },
      event_types: ['webhook.delivery_failed'],
    });
    await save();
    const dead = await when((await only(subscription)).id, ({ status }) => status === 'dead');
    expect(dead).toMatchObject({ attempts: 1, next_attempt_at: null });
    expect(dead.reason).toMatch(/404/);
    expect(dead.attempt_log[0]).toMatchObject({
      outcome: 'permanent',
      status_code: 404,
      response: { body: 'no such hook', truncated: false },
    });
    const [told] = await watcher.received(1, 5_000);
    expect(JSON.parse(String(told?.body))).toMatchObject({
      event_type: 'webhook.delivery_failed',
      actor: { type: 'system' },
      payload: {
        subscription_id: subscription.id,
        subscription_name: 'Desk',
        delivery_id: dead.id,
        event_id: dead.event_id,
        attempts: 1,
        status_code: 404,
      },
    });
    await watcher.close();
  });

  it('makes no operational event of an operational event that cannot be delivered', async () => {
    receiver.answer(404);
    const subscription = await subscribe({ event_types: ['webhook.*', 'entry.*'] });
    await save();
    await waitFor(
      async () => (await deliveries(`subscription_id=${subscription.id}&status=dead`)).length === 2,
      5_000,
      'two dead letters',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const failed = await deliveries(`subscription_id=${subscription.id}`);
    expect(failed.map((delivery) => delivery.event_type).sort()).toEqual([
      'entry.created',
      'webhook.delivery_failed',
    ]);
  });

  it('gives up when the schedule is used up, and a retry by hand begins it afresh', async () => {
    receiver.answer(500);
    const subscription = await subscribe({ delivery: { retry: [0, 0] } });
    await save();
    const { id } = await only(subscription);
    const dead = await when(id, ({ status }) => status === 'dead');
    expect(dead).toMatchObject({ attempts: 2 });
    expect(dead.reason).toMatch(/^Gave up after the last of 2 attempts: .*500/);
    receiver.answer(500, 204);
    expect((await admin.post(`/newswire/deliveries/${id}/retry`)).status).toBe(200);
    const delivered = await when(id, ({ status }) => status === 'delivered');
    expect(delivered.attempts).toBe(4);
    expect(delivered.attempt_log.map((attempt) => attempt.number)).toEqual([1, 2, 3, 4]);
    expect((await admin.post(`/newswire/deliveries/${id}/retry`)).status).toBe(409);
    expect((await admin.post(`/newswire/deliveries/${id}/cancel`)).status).toBe(409);
  });

  it('replays what is settled: same key, same bytes, marked, and logged as a delivery of its own', async () => {
    const subscription = await subscribe();
    await save();
    const original = await when(
      (await only(subscription)).id,
      ({ status }) => status === 'delivered',
    );
    const reply = await admin.post<{ data: Delivery }>(
      `/newswire/deliveries/${original.id}/replay`,
    );
    expect(reply.status).toBe(201);
    expect(reply.body.data).toMatchObject({ replay: true, event_id: original.event_id });
    expect(reply.body.data.id).not.toBe(original.id);
    const [first, second] = await receiver.received(2, 5_000);
    expect(second?.headers['x-replay']).toBe('true');
    expect(second?.headers['x-idempotency-key']).toBe(first?.headers['x-idempotency-key']);
    expect(second?.headers['x-signature']).toBe(first?.headers['x-signature']);
    expect(second?.body.equals(first!.body)).toBe(true);
  });

  it('waits while the subscription is paused, and sends all of it in order when it is resumed', async () => {
    const subscription = await subscribe({ delivery: { order: 'strict' } });
    await admin.post(`/newswire/subscriptions/${subscription.id}/pause`, { reason: 'night' });
    for (const name of ['One', 'Two', 'Three']) {
      await save(name);
    }
    await waitFor(
      async () =>
        (await deliveries(`subscription_id=${subscription.id}&status=waiting`)).length === 3,
      5_000,
      'three waiting deliveries',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(receiver.requests).toEqual([]);
    await admin.post(`/newswire/subscriptions/${subscription.id}/resume`);
    const requests = await receiver.received(3, 5_000);
    const names = requests.map(
      ({ body }) =>
        (JSON.parse(body.toString()) as { payload: { entry: { name: string } } }).payload.entry
          .name,
    );
    expect(names).toEqual(['One', 'Two', 'Three']);
    expect(requests[0]?.headers['x-delivery-backlog']).toBe('3');
  });

  it('sends a test at once, whatever the state, and answers with the attempt', async () => {
    const subscription = await subscribe();
    await admin.post(`/newswire/subscriptions/${subscription.id}/pause`, {});
    const reply = await admin.post<{ data: Attempt & { delivery_id: string } }>(
      `/newswire/subscriptions/${subscription.id}/test`,
    );
    expect(reply.status).toBe(200);
    expect(reply.body.data).toMatchObject({ number: 1, outcome: 'delivered', status_code: 204 });
    expect(receiver.requests[0]?.headers['x-event-type']).toBe('webhook.test');
    expect((await detail(reply.body.data.delivery_id)).status).toBe('delivered');

    receiver.answer(500);
    const failed = await admin.post<{ data: Attempt & { delivery_id: string } }>(
      `/newswire/subscriptions/${subscription.id}/test`,
    );
    expect(failed.body.data).toMatchObject({ outcome: 'transient', status_code: 500 });
    expect(await detail(failed.body.data.delivery_id)).toMatchObject({
      status: 'dead',
      attempts: 1,
    });
  });

  it('disables the subscription on 410, and says so', async () => {
    receiver.answer(410);
    const subscription = await subscribe();
    await save();
    const dead = await when((await only(subscription)).id, ({ status }) => status === 'dead');
    expect(dead.reason).toMatch(/410/);
    const { body } = await admin.get<{ data: Subscription }>(
      `/newswire/subscriptions/${subscription.id}`,
    );
    expect(body.data).toMatchObject({ state: 'disabled' });
    expect(body.data.state_reason).toMatch(/410/);
    const told = await events('event_type=webhook.subscription_disabled');
    expect(told.map((event) => event.subject.id)).toContain(subscription.id);
    expect((await admin.post(`/newswire/deliveries/${dead.id}/replay`)).status).toBe(409);
  });

  it('holds everything owed for as long as Retry-After asks', async () => {
    receiver.answer({ status: 429, headers: { 'retry-after': '1' } }, 204);
    const subscription = await subscribe({ delivery: { retry: [0, 0, 0] } });
    await save('Held');
    const { id } = await only(subscription);
    await when(id, ({ attempts }) => attempts === 1);
    await save('Other');
    const [first, second, third] = await receiver.received(3, 6_000);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(950);
    expect(third!.at - first!.at).toBeGreaterThanOrEqual(950);
  });

  it('sends only what the filters let through', async () => {
    await subscribe({
      event_types: ['entry.updated'],
      filter: { subject_types: [PERSON], changed: ['title'] },
    });
    const { documentId } = await save();
    const people = strapi.documents(PERSON);
    await people.update({ documentId, data: { name: 'Nobody wants it' } as never });
    await people.update({ documentId, data: { title: 'Judge' } as never });
    const [request] = await receiver.received(1, 5_000);
    expect(JSON.parse(String(request?.body))).toMatchObject({ changed: ['title'] });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(receiver.requests).toHaveLength(1);
  });

  it('cancels what still waits when the subscription is deleted, and keeps its log', async () => {
    const subscription = await subscribe();
    await admin.post(`/newswire/subscriptions/${subscription.id}/pause`, {});
    await save();
    const { id } = await only(subscription);
    await admin.delete(`/newswire/subscriptions/${subscription.id}`);
    expect(await detail(id)).toMatchObject({ status: 'cancelled', subscription_name: null });
    expect((await detail(id)).reason).toMatch(/deleted/);
    expect((await admin.post(`/newswire/deliveries/${id}/retry`)).status).toBe(409);
  });

  it('finds deliveries and events by status, subscription, type and time', async () => {
    const subscription = await subscribe();
    const since = new Date().toISOString();
    const { documentId } = await save();
    const delivered = await when(
      (await only(subscription)).id,
      ({ status }) => status === 'delivered',
    );
    const found = async (query: string) => (await deliveries(query)).map((delivery) => delivery.id);
    expect(await found(`event_type=entry.*&since=${since}`)).toEqual([delivered.id]);
    expect(await found(`event_type=entry.created&subscription_id=${subscription.id}`)).toEqual([
      delivered.id,
    ]);
    expect(await found(`event_type=executive.*&subscription_id=${subscription.id}`)).toEqual([]);
    expect(await found(`status=dead&subscription_id=${subscription.id}`)).toEqual([]);
    expect(await found(`until=${since}&subscription_id=${subscription.id}`)).toEqual([]);
    expect(
      (await events(`subject_id=${documentId}&subject_type=${PERSON}`)).map((e) => e.event_id),
    ).toEqual([delivered.event_id]);
    expect((await admin.get('/newswire/deliveries?status=lost')).status).toBe(400);
    expect((await admin.get('/newswire/deliveries/nothing')).status).toBe(404);
    expect((await admin.get('/newswire/events/nothing')).status).toBe(404);
  });
});
