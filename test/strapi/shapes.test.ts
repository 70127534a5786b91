import { gunzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../config';
import type { DeliveryDetail, Delivery } from '../../server/src/contracts/delivery';
import type { StoredEvent } from '../../server/src/contracts/event';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import { bodySignature } from '../../server/src/domain/signed-content';
import { createReceiver } from '../../server/src/receiver';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import type { ReceivedRequest, Receiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const SUBSCRIPTIONS = '/newswire/subscriptions';

/** A person's territories are the words in `bio`, as an editor might have kept them. */
const moved = defineEvent({
  type: 'person.moved',
  version: '2.1.0',
  summary: 'A person was saved.',
  source: { uid: 'api::person.person', counts: 'draft' },
  payload: z.strictObject({ name: z.string(), desks: z.array(z.strictObject({ id: z.string() })) }),
  when: ({ after }) => after !== null,
  build: ({ after }) => ({
    name: String(after?.['name']),
    desks: [{ id: 'scripted' }, { id: 'factual' }],
  }),
  scope: ({ after }) => {
    const [kind, words = ''] = String(after?.['title']).split(':');
    if (kind === 'broken') throw new Error('no such region');
    return kind === 'in' ? { territories: words.split(',') } : null;
  },
});

describe('Shapes and filters', () => {
  let app: TestStrapi;
  let admin: HttpClient;
  let receiver: Receiver;
  const made: string[] = [];

  beforeAll(async () => {
    app = await startStrapi({
      options: (options) => ({ ...options, presets: [], events: [moved] }),
    });
    admin = await app.admin();
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const id of made.splice(0)) await admin.delete(`${SUBSCRIPTIONS}/${id}`);
    await receiver.close();
  });

  const subscribe = async (rest: object = {}) => {
    const reply = await admin.post<{ data: CreatedSubscription }>(SUBSCRIPTIONS, {
      name: 'Desk',
      destination: { url: receiver.url() },
      event_types: ['person.moved'],
      ...rest,
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    made.push(reply.body.data.id);
    return reply.body.data;
  };
  const save = (title = 'Counsel', name = 'Lee Mason') =>
    app.strapi.documents('api::person.person').create({
      data: { name, slug: `s-${Math.random()}`, title, executive_role: 'legal' } as never,
    });
  const events = async () =>
    (await admin.get<{ data: StoredEvent[] }>('/newswire/events?event_type=person.moved')).body
      .data;
  const deliveries = async ({ id }: { id: string }) =>
    (await admin.get<{ data: Delivery[] }>(`/newswire/deliveries?subscription_id=${id}`)).body.data;
  const settled = async (subscription: { id: string }) => {
    const done = await waitFor(
      async () => (await deliveries(subscription)).find(({ settled_at }) => settled_at !== null),
      10_000,
      'a delivery to be settled',
    );
    return (await admin.get<{ data: DeliveryDetail }>(`/newswire/deliveries/${done.id}`)).body.data;
  };
  const verified = async (request: ReceivedRequest, secret: string, body: Buffer | string) =>
    (await createReceiver({ secrets: [secret] }).verify({ headers: request.headers, body })).ok;

  const formats = {
    event: (event: StoredEvent) => ({ payload: event.payload, event_id: event.event_id }),
    cloudevents: (event: StoredEvent) => ({
      specversion: '1.0',
      id: event.event_id,
      source: 'northlight-cms',
      type: 'person.moved',
      data: event.payload,
    }),
    standard: (event: StoredEvent) => ({
      type: 'person.moved',
      timestamp: event.occurred_at,
      data: event.payload,
    }),
    thin: (event: StoredEvent) => ({ event_id: event.event_id, subject: event.subject }),
  };

  for (const [body, expected] of Object.entries(formats)) {
    test.each([false, true])(
      `are sent and signed as they arrive: ${body}, compressed: %s`,
      async (gzip) => {
        const { secret, shape, ...subscription } = await subscribe({ shape: { body, gzip } });
        expect(shape).toMatchObject({ body, gzip });
        await save();
        const [request] = (await receiver.received(1, 10_000)) as [ReceivedRequest];
        const [event] = (await events()) as [StoredEvent];

        expect(request.headers['content-type']).toBe(
          body === 'cloudevents' ? 'application/cloudevents+json' : 'application/json',
        );
        expect(request.headers['content-encoding']).toBe(gzip ? 'gzip' : undefined);
        expect(request.headers).toMatchObject({
          'x-event-type': 'person.moved',
          'x-schema-version': '2.1.0',
          'x-idempotency-key': event.event_id,
        });
        const text = (gzip ? gunzipSync(request.body) : request.body).toString();
        expect(JSON.parse(text)).toMatchObject(expected(event));

        // Those who have the bytes as they came, and those whose framework has inflated them.
        expect(await verified(request, secret, request.body)).toBe(true);
        expect(await verified(request, secret, text)).toBe(true);
        expect(await verified(request, secret, `${text} `)).toBe(false);
        expect(request.headers['x-signature']).toBe(bodySignature(secret, request.body));

        const [attempt] = (await settled(subscription)).attempt_log;
        expect(attempt?.request.body).toBe(text);
      },
    );
  }

  it('give in a thin body where the whole event is', async () => {
    await subscribe({ shape: { body: 'thin' } });
    await save();
    const [request] = (await receiver.received(1, 10_000)) as [ReceivedRequest];
    const thin = JSON.parse(String(request.body)) as { event_id: string; link: string };
    expect(thin).not.toHaveProperty('payload');
    const { pathname, protocol } = new URL(thin.link);
    expect(protocol).toMatch(/^https?:$/);
    const token = await app.apiToken();
    const fetched = await token.get<{ data: StoredEvent }>(pathname);
    expect(fetched.body.data).toMatchObject({
      event_id: thin.event_id,
      payload: { name: 'Lee Mason' },
    });
  });

  it('project and transform', async () => {
    await subscribe({ shape: { projection: ['$.payload.desks[*].id', '$.event_type'] } });
    await subscribe({
      shape: {
        body: 'standard',
        transform: '{ "text": data.name & " has moved", "desks": data.desks.id }',
      },
    });
    await save();
    const bodies = (await receiver.received(2, 10_000)).map(({ body }) => JSON.parse(String(body)));
    expect(bodies).toEqual(
      expect.arrayContaining([
        { event_type: 'person.moved', payload: { desks: [{ id: 'scripted' }, { id: 'factual' }] } },
        { text: 'Lee Mason has moved', desks: ['scripted', 'factual'] },
      ]),
    );
  });

  it('shape each event of a batch', async () => {
    await subscribe({
      shape: {
        body: 'standard',
        transform: 'data.name',
        gzip: true,
        batch: { max_items: 2, max_wait_seconds: 5 },
      },
    });
    await save('a', 'Ana');
    await save('b', 'Lee');
    const [request] = (await receiver.received(1, 10_000)) as [ReceivedRequest];
    expect(request.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(request.body).toString())).toEqual({
      batch_id: request.headers['webhook-id'],
      events: ['Ana', 'Lee'],
    });
  });

  it('make a dead letter of an event that cannot be transformed, with the reason, and send nothing', async () => {
    const subscription = await subscribe({ shape: { transform: 'payload.name * 2' } });
    const fine = await subscribe();
    await save();
    const dead = await settled(subscription);
    expect(dead).toMatchObject({ status: 'dead', attempts: 1 });
    expect(dead.reason).toMatch(
      /^The transform failed: The left side of the "\*" operator must evaluate to a number.*nothing was sent$/,
    );
    expect(dead.attempt_log).toMatchObject([
      {
        outcome: 'permanent',
        error_code: 'transform_failed',
        status_code: null,
        request: { headers: {}, body: '' },
      },
    ]);
    expect((await settled(fine)).status).toBe('delivered');
    expect(receiver.requests).toHaveLength(1);
  });

  it('let through what a condition holds for', async () => {
    const { id } = await subscribe({ filter: { condition: '$contains(payload.name, "Lee")' } });
    for (const name of ['Ana', 'Lee Mason', 'Bo', 'Leeds']) await save('x', name);
    const names = (await receiver.received(2, 10_000)).map(
      ({ body }) => (JSON.parse(String(body)) as { payload: { name: string } }).payload.name,
    );
    expect(names.sort()).toEqual(['Lee Mason', 'Leeds']);
    expect(await deliveries({ id })).toHaveLength(2);
  });

  it('show a condition that fails as a dead letter, which can be sent all the same', async () => {
    const subscription = await subscribe({ filter: { condition: 'payload.name + 1 > 0' } });
    await save();
    const dead = await settled(subscription);
    expect(dead).toMatchObject({ status: 'dead', attempts: 0, attempt_log: [] });
    expect(dead.reason).toMatch(/^The filter condition failed: The left side of the "\+" operator/);
    await admin.post(`/newswire/deliveries/${dead.id}/retry`);
    await receiver.received(1, 10_000);
  });

  it('let through what is in scope, as the definition says it, and what says nothing', async () => {
    await subscribe({ filter: { scope: { territories: ['gb'] } } });
    await save('in:FR', 'French');
    await save('in:fr,gb', 'Both');
    await save('anywhere', 'Silent');
    const names = (await receiver.received(2, 10_000)).map(
      ({ body }) => (JSON.parse(String(body)) as { payload: { name: string } }).payload.name,
    );
    expect(names.sort()).toEqual(['Both', 'Silent']);
  });

  it('let nothing through whose scope could not be found out', async () => {
    await subscribe({ filter: { scope: { territories: ['GB'] } } });
    await save('broken', 'Broken');
    const [event] = await events();
    expect(event).toMatchObject({
      status: 'invalid',
      problems: [{ code: 'definition_failed', message: 'The definition failed: no such region' }],
    });
    expect(receiver.requests).toEqual([]);
  });
});
