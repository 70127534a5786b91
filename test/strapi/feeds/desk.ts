import { expect } from 'vitest';
import type { Feed } from '../../../server/src/contracts/feed';
import type { CreatedToken, Partner } from '../../../server/src/contracts/partner';
import { insertEvents } from '../../../server/src/store/insert-events';
import { newEvent, type EventInput } from '../../database/factory/facts';
import { httpClient, type HttpClient, type Reply } from '../../support/http-client';
import type { TestStrapi } from '../../support/strapi';
import { waitFor } from '../../support/wait-for';

export interface TestPartner {
  id: string;
  token: string;
  tokenId: string;
  reader: HttpClient;
}

/** Makes feeds and their readers, and fills the log. */
export interface FeedDesk {
  /** With a Strapi API token: reads internal feeds. */
  internal: HttpClient;
  manage: HttpClient;
  feed(settings: object): Promise<Feed>;
  partner(settings?: object): Promise<TestPartner>;
  /** Puts events into the log, and waits until they are released. @returns their ids, in their order. */
  release(count: number, input?: EventInput): Promise<string[]>;
  event(eventId: string): Promise<unknown>;
  /** The reader of internal feeds, with these headers too. */
  withHeaders(headers: Record<string, string>): Promise<HttpClient>;
  authorization(): Promise<{ authorization: string }>;
}

export async function openFeeds(app: TestStrapi): Promise<FeedDesk> {
  const manage = await app.apiToken();
  const db = app.strapi.db.connection;
  const token = await apiToken(app);
  let made = 0;
  const create = async <Data>(path: string, body: object): Promise<Data> => {
    const reply: Reply<{ data: Data }> = await manage.post(`/api/newswire/manage${path}`, body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    return reply.body.data;
  };
  const desk: FeedDesk = {
    manage,
    internal: httpClient(app.url, { authorization: `Bearer ${token}` }),
    feed: (settings) => {
      made += 1;
      return create<Feed>('/feeds', { slug: `feed-${made}`, title: `Feed ${made}`, ...settings });
    },
    partner: async (settings = {}) => {
      const partner = await create<Partner>('/partners', {
        name: 'Fjord TV',
        rate_per_minute: 100_000,
        ...settings,
      });
      const created = await create<CreatedToken>(`/partners/${partner.id}/tokens`, {
        name: 'Reader',
      });
      const reader = httpClient(app.url, { authorization: `Bearer ${created.token}` });
      return { id: partner.id, token: created.token, tokenId: created.id, reader };
    },
    release: async (count, input = {}) => {
      const events = Array.from({ length: count }, () => newEvent(input));
      await db.transaction((trx) => insertEvents(trx, events));
      const ids = events.map(({ eventId }) => eventId);
      await waitFor(
        async () =>
          (await db('newswire_events').whereIn('event_id', ids).whereNull('release_number'))
            .length === 0,
        10_000,
        'the events to be released',
      );
      return ids;
    },
    event: async (eventId) => {
      const { body } = await manage.get<{ data: Record<string, unknown> }>(
        `/api/newswire/manage/events/${eventId}`,
      );
      const { status, approval, problems, ...event } = body.data;
      void [status, approval, problems];
      return event;
    },
    withHeaders: (headers) =>
      Promise.resolve(httpClient(app.url, { authorization: `Bearer ${token}`, ...headers })),
    authorization: () => Promise.resolve({ authorization: `Bearer ${token}` }),
  };
  return desk;
}

async function apiToken(app: TestStrapi): Promise<string> {
  const token: { accessKey: string } = await app.strapi.service('admin::api-token').create({
    name: `reader ${Math.random()}`,
    description: '',
    kind: 'content-api',
    type: 'read-only',
    lifespan: null,
  });
  return token.accessKey;
}
