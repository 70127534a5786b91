import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { ReceivedCallback } from '../../../server/src/contracts/callback';
import type { DeliveryDetail } from '../../../server/src/contracts/delivery';
import type { StoredEvent } from '../../../server/src/contracts/event';
import type { CreatedToken, Partner } from '../../../server/src/contracts/partner';
import type { CreatedSubscription } from '../../../server/src/contracts/subscription';
import type { HttpClient, Reply } from '../../support/http-client';
import { startReceiver } from '../../support/receiver';
import { startStrapi } from '../../support/strapi';
import { waitFor } from '../../support/wait-for';

export const MANAGE = '/api/newswire/manage';
export const CALLBACKS = '/api/newswire/callbacks';
const SLATES = '/content-manager/collection-types/api::slate.slate';

export interface Answered {
  status: number;
  headers: Headers;
  body: {
    data: ReceivedCallback | null;
    error?: { status: number; message: string; details: { code: string; errors?: unknown[] } };
  };
}

export type CallbackDesk = Awaited<ReturnType<typeof openDesk>>;

/**
 * A Strapi with a partner that answers everything with 202 and is expected to call back, and a subscription of our own to what
 * partners tell.
 */
export async function openDesk() {
  const app = await startStrapi({
    options: { presets: ['generic'], overrides: { 'entry.published': { audience: 'partner' } } },
  });
  const admin = await app.admin();
  const api = await app.apiToken();
  const receiver = await startReceiver();
  receiver.answerBy(({ path }) => ({ status: path === '/ours' ? 204 : 202 }));

  async function addPartner(name: string): Promise<Partner> {
    const body = { name, rate_per_minute: 6_000 };
    return dataOf(await api.post<{ data: Partner }>(`${MANAGE}/partners`, body), 201);
  }

  async function addToken({ id }: Partner, scopes = ['callbacks:write']): Promise<CreatedToken> {
    const body = { name: 'Ingest', scopes };
    const path = `${MANAGE}/partners/${id}/tokens`;
    return dataOf(await api.post<{ data: CreatedToken }>(path, body), 201);
  }

  async function subscribe(path: string, rest: object): Promise<CreatedSubscription> {
    const body = {
      name: path,
      destination: { url: receiver.url(path) },
      event_types: ['entry.published'],
      ...rest,
    };
    const created = await api.post<{ data: CreatedSubscription }>(`${MANAGE}/subscriptions`, body);
    return dataOf(created, 201);
  }

  const partner = await addPartner('Fjord TV');
  const { token } = await addToken(partner);
  const theirs = await subscribe('/theirs', {
    partner_id: partner.id,
    delivery: { callback_within_seconds: 600 },
  });
  await subscribe('/ours', { event_types: ['content.*', 'ad.*', 'webhook.delivery_failed'] });

  /** Sends these bytes with these headers alone. */
  async function send(
    body: string | Buffer,
    headers: Record<string, string>,
    path = CALLBACKS,
  ): Promise<Answered> {
    const given = { 'Content-Type': 'application/json', ...headers };
    const response = await fetch(`${app.url}${path}`, { method: 'POST', headers: given, body });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: JSON.parse(text) as Answered['body'],
    };
  }

  /** The delivery of an event to a subscription, once it has come to a status. */
  async function delivery(
    event: StoredEvent,
    subscription: { id: string },
    status: DeliveryDetail['status'],
    timeout = 5_000,
  ): Promise<DeliveryDetail> {
    const query = `event_id=${event.event_id}&subscription_id=${subscription.id}`;
    const found: DeliveryDetail[] = [];
    await waitFor(
      async () => {
        const list = await api.get<{ data: DeliveryDetail[] }>(`${MANAGE}/deliveries?${query}`);
        found.splice(0, found.length, ...list.body.data);
        return found[0]?.status === status;
      },
      timeout,
      `a delivery that is ${status}`,
    );
    return found[0]!;
  }

  return {
    app,
    admin,
    api,
    receiver,
    partner,
    token,
    theirs,
    addPartner,
    addToken,
    subscribe,
    send,
    delivery,

    /** Sends a callback with the partner's token, under a key of its own unless one is given. */
    tell: (body: object, { key = randomUUID() }: { key?: string } = {}) =>
      send(JSON.stringify(body), { authorization: `Bearer ${token}`, 'X-Idempotency-Key': key }),

    ingested: (event: StoredEvent) => ({
      event_type: 'content.ingested',
      in_reply_to: event.event_id,
      payload: { content_id: event.subject.id },
    }),

    codeOf: async (answer: Promise<Answered>): Promise<[number, string | undefined]> => {
      const { status, body } = await answer;
      return [status, body.error?.details?.code];
    },

    eventOf: async ({ body }: Answered): Promise<StoredEvent> => {
      const path = `/newswire/events/${body.data?.event_id ?? ''}`;
      return dataOf(await admin.get<{ data: StoredEvent }>(path));
    },

    publish: () => publish(admin),

    /** Looks for the one event that tells of a dead letter. */
    failureOf: async ({ id }: DeliveryDetail, code: string): Promise<void> => {
      const path = '/newswire/events?event_type=webhook.delivery_failed';
      const events = dataOf(await admin.get<{ data: StoredEvent[] }>(path));
      const payloads = events.map((event) => event.payload as Record<string, unknown>);
      const told = payloads.filter((payload) => payload['delivery_id'] === id);
      expect(told).toMatchObject([{ error_code: code }]);
    },

    /** Ids of the events that have come in at a path. */
    seenAt: (path: string): string[] =>
      receiver.requests
        .filter((request) => request.path === path)
        .map((request) => String(request.headers['x-idempotency-key'])),

    close: async (): Promise<void> => {
      await app.stop();
      await receiver.close();
    },
  };
}

async function publish(admin: HttpClient): Promise<StoredEvent> {
  const body = { title: 'Autumn', slug: `autumn-${randomUUID()}` };
  const created = await admin.post<{ data: { documentId: string } }>(SLATES, body);
  const { documentId } = dataOf(created, 201);
  expect((await admin.post(`${SLATES}/${documentId}/actions/publish`, {})).status).toBe(200);
  const query = `event_type=entry.published&subject_id=${documentId}`;
  const [event] = dataOf(await admin.get<{ data: StoredEvent[] }>(`/newswire/events?${query}`));
  if (!event) throw new Error(`There is no event of ${documentId}`);
  return event;
}

function dataOf<Data>({ status, body }: Reply<{ data: Data }>, wanted = 200): Data {
  expect(status, JSON.stringify(body)).toBe(wanted);
  return body.data;
}
