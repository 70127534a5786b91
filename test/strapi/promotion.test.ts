import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import type { Delivery, DeliveryDetail } from '../../server/src/contracts/delivery';
import type { EventBody } from '../../server/src/domain/event';
import { describeOnEachDatabase, createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import type { Receiver, ReceivedRequest } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const PEOPLE = '/content-manager/collection-types/api::person.person';

describeOnEachDatabase('The main job, end to end', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let admin: HttpClient;
  let receiver: Receiver;
  let subscription: CreatedSubscription;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({ database });
    admin = await app.admin();
    receiver = await startReceiver();
    const created = await admin.post<{ data: CreatedSubscription }>('/newswire/subscriptions', {
      name: 'Contracts desk',
      destination: { url: receiver.url() },
      event_types: ['executive.*'],
    });
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    subscription = created.body.data;
  });

  afterAll(async () => {
    await receiver.close();
    await app.stop();
    await database.drop();
  });

  it('delivers a promotion, signed, with both titles and the editor as actor, and logs it', async () => {
    const person = await admin.post<{ data: { documentId: string } }>(PEOPLE, {
      name: 'Lee Mason',
      slug: 'lee-mason',
      title: 'Executive Director, Scripted Originals',
      executive_role: 'commissioner',
      scope: ['EMEA'],
    });
    expect(person.status, JSON.stringify(person.body)).toBe(201);
    const { documentId } = person.body.data;
    const saved = await admin.put(`${PEOPLE}/${documentId}`, { title: 'VP, Scripted' });
    expect(saved.status).toBe(200);

    const [, request] = await receiver.received(2, 5_000);
    const event = eventOf(request);
    expect(event).toMatchObject({
      event_type: 'executive.commissioner.promoted',
      schema_version: '1.0.0',
      sequence_number: 3,
      producer_id: 'northlight-cms',
      actor: { type: 'admin', display_name: 'Angela Jain', role: 'Super Admin' },
      subject: { type: 'api::person.person', id: documentId, locale: null },
      changed: ['title'],
      payload: {
        executive_id: documentId,
        name: 'Lee Mason',
        previous_title: 'Executive Director, Scripted Originals',
        new_title: 'VP, Scripted',
        scope: ['EMEA'],
      },
    });
    expectSigned(request, subscription, event);

    const { body } = await admin.get<{ data: Delivery[] }>(
      `/newswire/deliveries?event_id=${event.event_id}`,
    );
    expect(body.data).toHaveLength(1);
    const detail = await settled(admin, body.data[0]!.id);
    expect(detail).toMatchObject({ status: 'delivered', attempts: 1, replay: false, reason: null });
    expect(detail.attempt_log).toHaveLength(1);
    expect(detail.attempt_log[0]).toMatchObject({
      number: 1,
      outcome: 'delivered',
      status_code: 204,
    });
    expect(detail.attempt_log[0]?.request.body).toBe(request?.body.toString());
    expect(detail.attempt_log[0]?.request.headers['X-Signature']).toBe(
      request?.headers['x-signature'],
    );
  });
});

function eventOf(request: ReceivedRequest | undefined): EventBody {
  return JSON.parse(String(request?.body)) as EventBody;
}

function expectSigned(
  request: ReceivedRequest | undefined,
  { id, secret, kid }: CreatedSubscription,
  event: EventBody,
): void {
  const { headers, body } = request!;
  const hmac = createHmac('sha256', secret).update(body).digest('hex');
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${event.event_id}.${headers['webhook-timestamp']}.${body.toString()}`;
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-event-type': event.event_type,
    'x-schema-version': '1.0.0',
    'x-idempotency-key': event.event_id,
    'webhook-id': event.event_id,
    'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    'x-signature': `sha256=${hmac}`,
    'x-signature-kid': kid,
    'x-subscription-id': id,
    'x-delivery-attempt': '1',
    'x-delivery-backlog': '1',
  });
  expect(headers['user-agent']).toMatch(/^Newswire\/\d+\.\d+\.\d+$/);
  expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  expect(headers).not.toHaveProperty('x-replay');
}

async function settled(admin: HttpClient, id: string): Promise<DeliveryDetail> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { body } = await admin.get<{ data: DeliveryDetail }>(`/newswire/deliveries/${id}`);
    if (body.data.settled_at !== null) {
      return body.data;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Delivery ${id} is not settled`);
}
