import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feed } from '../../../server/src/contracts/feed';
import type { CreatedToken, Partner } from '../../../server/src/contracts/partner';
import { answerApproval } from '../../../server/src/store/approve-event';
import { insertEvents } from '../../../server/src/store/insert-events';
import type { Random } from '../../database/factory/random';
import { chance } from '../../faults/run';
import type { HttpClient, Reply } from '../../support/http-client';
import { startReceiver, type Receiver } from '../../support/receiver';
import { startStrapi, type TestStrapi } from '../../support/strapi';
import { waitFor } from '../../support/wait-for';
import { definitions, randomEvents, randomScopeFilter, TYPES, type Given } from './newsdesk';
import { readDocument, readEvents, readRecords, readStream, type Reader } from './readers';
import { isVisible, visibleItems, type Rights, type Wants } from './reference';

const EVENTS = 120;
const PARTNERS = 5;
const FEEDS = 4;

const EVERYTHING: Wants = {
  event_types: ['*'],
  scope: { territories: [], genres: [], content_types: [] },
  locales: [],
};

interface KnownPartner {
  id: string;
  token: string;
  rights: Rights;
}

interface KnownFeed {
  slug: string;
  wants: Wants;
  members: KnownPartner[];
}

describe('What a partner sees', () => {
  let app: TestStrapi;
  let manage: HttpClient;
  let receiver: Receiver;
  let random: Random;
  /** In the order of their release. */
  let released: Given[] = [];
  const events: Given[] = [];
  const partners: KnownPartner[] = [];
  const feeds: KnownFeed[] = [];

  beforeAll(async () => {
    random = chance('what a partner sees');
    app = await startStrapi({
      options: (options) => ({
        ...options,
        presets: [],
        events: definitions,
        sequencer: { pollSeconds: 0.05 },
      }),
    });
    manage = await app.apiToken();
    receiver = await startReceiver();
    for (let n = 0; n < PARTNERS; n += 1) partners.push(await makePartner(n));
    await capture(randomEvents(random, EVENTS / 2));
    for (let n = 0; n < FEEDS; n += 1) feeds.push(await makeFeed(n));
    // Half of the events are older than the feeds.
    await capture(randomEvents(random, EVENTS / 2));
    released = await inOrder();
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.close();
  });

  it('in its feeds, on every route, is what its rights and the feed allow, and in the order of release', async () => {
    for (const { reader, visible, partner, feed } of readings()) {
      const read = await readEvents(reader, random);
      expect(read.found.map(({ event_id }) => event_id)).toEqual(idsOf(visible));
      for (const [index, event] of visible.entries()) {
        const skus = visibleItems(event, partner.rights, feed.wants).map((item) =>
          expect.stringMatching(new RegExp(`-${item}$`)),
        );
        if (event.items)
          expect(read.found[index]?.payload.titles?.map(({ sku }) => sku)).toEqual(skus);
      }
      const streamed = await readStream(reader, visible.length);
      expect(streamed.found).toEqual(idsOf(visible));
      const texts = [...read.texts, ...streamed.texts];
      for (const format of ['rss', 'atom', 'json'] as const) {
        const document = await readDocument(reader, format);
        expect(document.found, format).toEqual(idsOf(visible).reverse());
        texts.push(...document.texts);
      }
      expectNothingPersonal(texts, partner);
    }
  });

  it('of records is the newest visible event about each subject', async () => {
    for (const { reader, visible, partner } of readings()) {
      const newest = new Map(visible.map((event) => [`${event.subject} ${event.locale}`, event]));
      const { found, texts } = await readRecords(reader);
      const byKey = (a: string, b: string) => (a < b ? -1 : 1);
      expect(found.map((one) => `${one.id} ${one.locale} ${one.event_id}`).sort(byKey)).toEqual(
        [...newest].map(([key, { id }]) => `${key} ${id}`).sort(byKey),
      );
      expectNothingPersonal(texts, partner);
    }
  });

  it('does not tell what is hidden from what is not there', async () => {
    const subjects = [...new Set(events.map(({ subject }) => subject))];
    for (const { reader, visible } of readings()) {
      const shown = new Set(visible.map(({ subject }) => subject));
      const missing = await ask(reader, `/feeds/${reader.slug}/records/never-was`);
      expect(missing.status).toBe(404);
      for (const subject of subjects) {
        const answer = await ask(reader, `/feeds/${reader.slug}/records/${subject}`);
        if (shown.has(subject)) expect(answer.status).toBe(200);
        else expect(answer).toEqual(missing);
      }
    }
    for (const partner of partners) {
      const own = feeds.filter(({ members }) => members.includes(partner));
      const reader = readerOf(partner, 'never-was');
      const listed = await ask(reader, '/feeds');
      expect(
        (JSON.parse(listed.text) as { data: Feed[] }).data.map(({ slug }) => slug).sort(),
      ).toEqual(own.map(({ slug }) => slug).sort());
      for (const route of [
        'events',
        'rss',
        'atom',
        'json',
        'stream',
        'records',
        'records/subject-1',
      ]) {
        const missing = await ask(reader, `/feeds/never-was/${route}`);
        expect(missing.status).toBe(404);
        for (const { slug } of feeds.filter((feed) => !own.includes(feed))) {
          expect(await ask(reader, `/feeds/${slug}/${route}`)).toEqual(missing);
        }
      }
    }
  });

  it('at its endpoints is what its rights allow', async () => {
    for (const partner of partners) {
      const visible = events.filter((event) => isVisible(event, partner.rights, EVERYTHING));
      const requests = () => receiver.requests.filter(({ path }) => path === `/${partner.id}`);
      await waitFor(
        () => requests().length >= visible.length,
        30_000,
        `${visible.length} deliveries`,
      );
      const ids = requests().map(({ headers }) => headers['x-idempotency-key'] ?? '');
      expect([...ids].sort()).toEqual(idsOf(visible).sort());
      expectNothingPersonal(
        requests().map(({ body }) => String(body)),
        partner,
      );
    }
  });

  function* readings() {
    for (const feed of feeds) {
      for (const partner of feed.members) {
        const visible = released.filter((event) => isVisible(event, partner.rights, feed.wants));
        yield { feed, partner, visible, reader: readerOf(partner, feed.slug) };
      }
    }
  }

  function readerOf(partner: KnownPartner, slug: string): Reader {
    return { url: app.url, token: partner.token, slug };
  }

  function expectNothingPersonal(texts: string[], { rights }: KnownPartner): void {
    if (rights.clearance === 'internal') return;
    const all = texts.join('\n');
    expect(events.flatMap(({ persons }) => persons).filter((text) => all.includes(text))).toEqual(
      [],
    );
    if (rights.clearance === 'public') expect(all).not.toContain('pn_');
  }

  async function makePartner(n: number): Promise<KnownPartner> {
    const clearances = ['public', 'partner', 'internal'] as const;
    const rights = { clearance: clearances[n % 3] ?? 'public', ...randomScopeFilter(random) };
    const partner = made(
      await manage.post<{ data: Partner }>('/api/newswire/manage/partners', {
        name: `Partner ${n}`,
        rate_per_minute: 100_000,
        ...rights,
      }),
    );
    const { token } = made(
      await manage.post<{ data: CreatedToken }>(
        `/api/newswire/manage/partners/${partner.id}/tokens`,
        {
          name: 'Reader',
          scopes: ['feeds:read'],
        },
      ),
    );
    made(
      await manage.post<{ data: unknown }>('/api/newswire/manage/subscriptions', {
        name: `To partner ${n}`,
        partner_id: partner.id,
        event_types: ['*'],
        destination: { url: receiver.url(`/${partner.id}`) },
      }),
    );
    return { id: partner.id, token, rights };
  }

  async function makeFeed(n: number): Promise<KnownFeed> {
    const members = partners.filter((_, index) => index === n || random.below(2) === 0);
    const types = Object.keys(TYPES).filter(() => random.below(2) === 0);
    const wants: Wants = {
      event_types: n === 0 || types.length === 0 ? ['*'] : types,
      scope: n === 0 ? EVERYTHING.scope : randomScopeFilter(random),
      locales: random.below(2) === 0 ? [] : ['en'],
    };
    const { slug } = made(
      await manage.post<{ data: Feed }>('/api/newswire/manage/feeds', {
        slug: `feed-${n}`,
        title: `Feed ${n}`,
        partner_ids: members.map(({ id }) => id),
        event_types: wants.event_types,
        filter: { scope: wants.scope, locales: wants.locales },
      }),
    );
    return { slug, wants, members };
  }

  /** Puts events into the log, and approves half of those that need it. */
  async function capture(made: ReturnType<typeof randomEvents>): Promise<void> {
    events.push(...made.map(({ given }) => given));
    const db = app.strapi.db.connection;
    await db.transaction((trx) =>
      insertEvents(
        trx,
        made.map(({ row }) => row),
      ),
    );
    for (const { given } of made.filter(({ given: { approved } }) => approved === false)) {
      given.approved = random.below(2) === 0;
      if (given.approved) await db.transaction((trx) => answerApproval(trx, given.id, 'approved'));
    }
    const wanted = events.filter(({ approved }) => approved !== false).length;
    await waitFor(async () => (await inOrder()).length === wanted, 20_000, 'all to be released');
  }

  async function inOrder(): Promise<Given[]> {
    const rows: { event_id: string }[] = await app.strapi.db
      .connection('newswire_events')
      .whereNotNull('release_number')
      .orderBy('release_number')
      .select('event_id');
    const byId = new Map(events.map((event) => [event.id, event]));
    return rows.flatMap((row) => byId.get(row.event_id) ?? []);
  }
});

async function ask(
  { url, token }: Reader,
  path: string,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/api/newswire${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, text: await response.text() };
}

function idsOf(events: Given[]): string[] {
  return events.map(({ id }) => id);
}

function made<Data>({ status, body }: Reply<{ data: Data }>): Data {
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data;
}
