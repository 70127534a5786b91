import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../config';
import { readJsonFeed, readXmlFeed } from '../support/feed-readers';
import type { HttpClient } from '../support/http-client';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const PERSON = 'api::person.person';
const MANAGE = '/api/newswire/manage';
const EVENTS = 23;

const hired = defineEvent({
  type: 'person.hired',
  version: '1.0.0',
  summary: 'A person was hired.',
  audience: 'partner',
  source: { uid: PERSON },
  payload: z.strictObject({ name: z.string(), secret_name: z.string(), url: z.string() }),
  personal: ['secret_name'],
  when: ({ before, after }) => before === null && after !== null,
  build: ({ after }) => ({
    name: String(after?.['name']),
    secret_name: String(after?.['name']),
    url: `https://people.example/${String(after?.['slug'])}?a=1&b=2`,
  }),
  feedItem: ({ payload }) => {
    if (payload?.name?.startsWith('Broken')) throw new Error('cannot read this');
    return { title: `Hired: ${payload?.name ?? 'somebody'}`, url: payload?.url };
  },
});

const left = defineEvent({
  type: 'person.left',
  version: '1.0.0',
  summary: 'A person has left.',
  audience: 'partner',
  source: { uid: PERSON },
  payload: z.strictObject({ name: z.string() }),
  when: ({ before, after }) => before !== null && after === null,
  build: ({ before }) => ({ name: String(before?.['name']) }),
});

/** Names as nobody has them. */
const NAMES = ['Lee ]]> <b>Mason</b> & Co', 'שרה \u202Eכהן', 'Zoë 😀', 'Broken Arrow'];

describe('Feeds for feed readers', () => {
  let app: TestStrapi;
  let api: HttpClient;
  let token: string;
  let authorization: string;

  const address = (format: string, query = '') =>
    `${app.url}/api/newswire/feeds/people/${format}${query}`;
  /** Links name the address that Strapi is configured with; this one listens elsewhere. */
  const here = (href: string) => {
    const { pathname, search } = new URL(href);
    return app.url + pathname + search;
  };
  const read = (format: string, text: string) =>
    format === 'json' ? readJsonFeed(text) : readXmlFeed(text);

  beforeAll(async () => {
    app = await startStrapi({
      options: (options) => ({ ...options, presets: [], events: [hired, left] }),
    });
    api = await app.apiToken();
    const created = async <T>(path: string, body: object) => {
      const answer = await api.post<{ data: T }>(`${MANAGE}${path}`, body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return answer.body.data;
    };
    const partner = await created<{ id: string }>('/partners', { name: 'Streamly' });
    token = (await created<{ token: string }>(`/partners/${partner.id}/tokens`, { name: 'reader' }))
      .token;
    authorization = `Bearer ${token}`;
    const feed = { slug: 'people', title: 'People & more', partner_ids: [partner.id] };
    await created('/feeds', feed);
    const transform = '{ "title": "T: " & payload.name, "content_html": "<p>shaped</p>" }';
    await created('/feeds', { ...feed, slug: 'shaped', transform });
    await created('/feeds', { ...feed, slug: 'broken', transform: '$error("no")' });
    await created('/feeds', { slug: 'internal', title: 'Internal' });
    const documents = app.strapi.documents(PERSON as never) as unknown as {
      create(input: object): Promise<{ documentId: string }>;
      delete(input: object): Promise<unknown>;
    };
    let last = '';
    for (let n = 0; n < EVENTS - 1; n += 1) {
      const name = NAMES[n] ?? `Person ${n}`;
      const data = { name, slug: `person-${n}`, title: 'Counsel', executive_role: 'legal' };
      last = (await documents.create({ data, status: 'published' })).documentId;
    }
    await documents.delete({ documentId: last });
    await waitFor(async () => {
      const { body } = await api.get<{ data: unknown[] }>('/api/newswire/feeds/internal/events');
      return body.data.length === EVENTS;
    });
  });
  afterAll(() => app.stop());

  it.each(['rss', 'atom', 'json'])(
    'is read to its end as a feed reader does, with the token in the address alone, as %s',
    async (format) => {
      let at: string | undefined = address(format, `?limit=5&token=${token}`);
      const seen: string[] = [];
      const titles: string[] = [];
      let pages = 0;
      while (at) {
        const answer = await fetch(at);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toBe(
          {
            rss: 'application/rss+xml; charset=utf-8',
            atom: 'application/atom+xml; charset=utf-8',
            json: 'application/feed+json; charset=utf-8',
          }[format],
        );
        expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
        const text = await answer.text();
        const { items, links, title } = await read(format, text);
        expect(title).toBe('People & more');
        expect(new URL(links['self'] ?? '').searchParams.get('token')).toBe(token);
        for (const item of items) expect(JSON.stringify(item)).not.toContain('nwp_');
        seen.push(...items.map(({ id }) => id));
        titles.push(...items.map((item) => item.title));
        pages += 1;
        expect(pages).toBeLessThan(10);
        at = links['next'] === undefined ? undefined : here(links['next']);
      }
      expect(pages).toBe(5);
      expect(new Set(seen).size).toBe(EVENTS);
      const { body } = await api.get<{ data: { event_id: string }[] }>(
        '/api/newswire/feeds/internal/events',
      );
      expect(seen).toEqual(body.data.map(({ event_id }) => `urn:uuid:${event_id}`).reverse());
      expect(titles[0]).toBe(`Person left: Person ${EVENTS - 2}`);
      expect(titles.slice(-4)).toEqual([
        'Person hired: Broken Arrow',
        'Hired: Zoë 😀',
        'Hired: שרה \u202Eכהן',
        'Hired: Lee ]]> <b>Mason</b> & Co',
      ]);
    },
  );

  it('leads back to newer pages', async () => {
    const pageOf = async (href: string) => readXmlFeed(await (await fetch(href)).text());
    const first = await pageOf(address('atom', `?limit=5&token=${token}`));
    const second = await pageOf(here(first.links['next'] ?? ''));
    const third = await pageOf(here(second.links['next'] ?? ''));
    const back = await pageOf(here(third.links['previous'] ?? ''));
    expect(back.items).toEqual(second.items);
    expect((await pageOf(here(third.links['first'] ?? ''))).items).toEqual(first.items);
    expect((await pageOf(here(second.links['previous'] ?? ''))).items).toEqual(first.items);
    expect(first.links).not.toHaveProperty('previous');
  });

  it('never writes a token into a document that came in a header', async () => {
    const basic = `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}`;
    for (const given of [authorization, basic]) {
      for (const format of ['rss', 'atom', 'json']) {
        const answer = await fetch(address(format), { headers: { authorization: given } });
        expect(answer.status).toBe(200);
        const text = await answer.text();
        expect(text).not.toContain('nwp_');
        expect(text).not.toContain('token=');
        expect((await read(format, text)).items).toHaveLength(EVENTS);
      }
    }
  });

  it('answers 304 to who has the page, by the tag of that address and format', async () => {
    const tags = new Set<string>();
    for (const [format, query] of [
      ['rss', ''],
      ['atom', ''],
      ['json', ''],
      ['atom', '?limit=3'],
      ['atom', `?token=${token}`],
    ] as const) {
      const headers = query.includes('token') ? {} : { authorization };
      const first = await fetch(address(format, query), { headers });
      const tag = first.headers.get('etag') ?? '';
      tags.add(tag);
      expect(first.headers.get('last-modified')).toMatch(/GMT$/);
      expect(first.headers.get('cache-control')).toMatch(/private/);
      const again = await fetch(address(format, query), {
        headers: { ...headers, 'if-none-match': tag },
      });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    expect(tags.size).toBe(5);
  });

  it('is the same document, byte for byte, while nothing happens', async () => {
    const text = async () => (await fetch(address('atom'), { headers: { authorization } })).text();
    const cursors = /before=[^&"]+/g;
    expect((await text()).replace(cursors, '')).toBe((await text()).replace(cursors, ''));
  });

  it('is compressed where the reader asks for it', async () => {
    const raw = await new Promise<{ encoding: string | undefined; body: Buffer }>((resolve) => {
      const headers = { authorization, 'accept-encoding': 'gzip' };
      request(address('rss'), { headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const encoding = answer.headers['content-encoding'];
          resolve({ encoding, body: Buffer.concat(chunks) });
        });
      }).end();
    });
    expect(raw.encoding).toBe('gzip');
    expect((await readXmlFeed(gunzipSync(raw.body).toString())).items).toHaveLength(EVENTS);
  });

  it("shows the feed's own transform, and keeps personal data from partners", async () => {
    const headers = { authorization };
    const shaped = await fetch(`${app.url}/api/newswire/feeds/shaped/json`, { headers });
    const { items } = readJsonFeed(await shaped.text());
    expect(items[0]).toMatchObject({ title: `T: Person ${EVENTS - 2}`, content: '<p>shaped</p>' });
    const text = await (await fetch(address('json'), { headers })).text();
    expect(text).toContain('"secret_name":"pn_');
    expect(text).not.toContain('"secret_name":"Person');
  });

  it("has an entry for an event that the feed's transform cannot bring into shape", async () => {
    const headers = { authorization };
    const answer = await fetch(`${app.url}/api/newswire/feeds/broken/atom?limit=2`, { headers });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, null]);
    const { items } = await readXmlFeed(await answer.text());
    expect(items.map(({ title, content }) => [title, content])).toEqual([
      ['Person left', expect.stringMatching(/could not be brought into this feed/)],
      ['Person hired', expect.stringMatching(/could not be brought into this feed/)],
    ]);
  });

  it('is read by API tokens where it is internal, and by nobody else', async () => {
    const internal = '/api/newswire/feeds/internal/atom';
    const ours = await fetch(app.url + internal, { headers: await apiHeaders(app) });
    expect((await readXmlFeed(await ours.text())).items).toHaveLength(EVENTS);
    for (const path of [internal, '/api/newswire/feeds/none/atom']) {
      const answer = await fetch(app.url + path, { headers: { authorization } });
      expect([answer.status, codeOf(await answer.json())]).toEqual([404, 'not_found']);
    }
    expect((await fetch(address('rss'))).status).toBe(401);
    expect((await fetch(address('rss', '?token=nwp_wrong'))).status).toBe(401);
  });

  it.each([
    ['?limit=0', 'invalid_query'],
    ['?limit=201', 'invalid_query'],
    ['?limit=x', 'invalid_query'],
    ['?limit=1&limit=2', 'invalid_query'],
    ['?before=', 'cursor_invalid'],
    ['?before=forged', 'cursor_invalid'],
    ['?before=a&before=b', 'invalid_query'],
    ['?since=x', 'invalid_query'],
    ['?before[a]=1', 'invalid_query'],
  ])('refuses %s with a code', async (query, code) => {
    for (const format of ['rss', 'atom', 'json']) {
      const answer = await fetch(address(format, query), { headers: { authorization } });
      expect([answer.status, codeOf(await answer.json())]).toEqual([400, code]);
    }
  });
});

function codeOf(body: unknown): string {
  return (body as { error: { details: { code: string } } }).error.details.code;
}

async function apiHeaders(app: TestStrapi): Promise<Record<string, string>> {
  const { accessKey } = await app.strapi.service('admin::api-token').create({
    name: 'reader',
    description: '',
    kind: 'content-api',
    type: 'full-access',
    lifespan: null,
  });
  return { authorization: `Bearer ${accessKey as string}` };
}
