import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feed } from '../../server/src/contracts/feed';
import type { ReadableFeed } from '../../server/src/contracts/feed-page';
import type { HttpClient, Reply } from '../support/http-client';
import { startStrapi, type TestStrapi } from '../support/strapi';
import { openFeeds, type FeedDesk } from './feeds/desk';

interface Refused {
  error: { details: { code: string; errors?: { path: string[]; message: string }[] } };
}

const FEEDS = '/newswire/feeds';

describe('The feeds API', () => {
  let app: TestStrapi;
  let admin: HttpClient;
  let desk: FeedDesk;

  beforeAll(async () => {
    app = await startStrapi({ options: { presets: ['generic'] } });
    admin = await app.admin();
    desk = await openFeeds(app);
  });
  afterAll(() => app?.stop());

  const refused = ({ status, body }: Reply<Refused>) => ({
    status,
    code: body.error.details.code,
    fields: body.error.details.errors?.map(({ path }) => path.join('.')),
  });
  const create = async (body: object) =>
    (await admin.post<{ data: Feed }>(FEEDS, { title: 'Titles', ...body })).body.data;

  it('fills in every default, and shows no key', async () => {
    const reply = await admin.post<{ data: Feed }>(FEEDS, { slug: 'defaults', title: 'Titles' });
    expect(reply.status).toBe(201);
    expect(reply.body.data).toEqual({
      id: expect.any(String),
      slug: 'defaults',
      title: 'Titles',
      description: '',
      partner_ids: [],
      event_types: ['*'],
      filter: {
        subject_types: [],
        locales: [],
        changed: [],
        scope: { territories: [], genres: [], content_types: [] },
        condition: null,
      },
      projection: null,
      transform: null,
      max_age_days: null,
      problem: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const { id } = reply.body.data;
    expect((await admin.get<{ data: Feed }>(`${FEEDS}/${id}`)).body.data).toEqual(reply.body.data);
    const [row] = (await app.strapi.db.connection('newswire_feeds').where({ feed_id: id })) as {
      encrypted_cursor_key: string;
    }[];
    expect(row?.encrypted_cursor_key).toMatch(/^key:/);
  });

  it.each([
    ['nothing', {}, ['slug', 'title']],
    ['an unknown field', { slug: 'a', title: 'A', colour: 'red' }, ['colour']],
    ['a slug with capitals', { slug: 'Titles', title: 'A' }, ['slug']],
    [
      'a pattern that covers nothing',
      { slug: 'a', title: 'A', event_types: ['foo.*'] },
      ['event_types.0'],
    ],
    [
      'a partner that is not there',
      { slug: 'a', title: 'A', partner_ids: ['nobody'] },
      ['partner_ids.0'],
    ],
    ['a transform that is none', { slug: 'a', title: 'A', transform: '{' }, ['transform']],
    [
      'a condition that is none',
      { slug: 'a', title: 'A', filter: { condition: '(' } },
      ['filter.condition'],
    ],
    [
      'a projection that is none',
      { slug: 'a', title: 'A', projection: ['name'] },
      ['projection.0'],
    ],
    ['an age of nothing', { slug: 'a', title: 'A', max_age_days: 0 }, ['max_age_days']],
  ])('refuses %s', async (_, body, fields) => {
    expect(refused(await admin.post<Refused>(FEEDS, body))).toEqual({
      status: 400,
      code: 'invalid_body',
      fields,
    });
  });

  it('takes a slug once, whoever asks at the same time', async () => {
    const replies = await Promise.all(
      Array.from({ length: 5 }, () =>
        admin.post<Refused>(FEEDS, { slug: 'taken', title: 'Titles' }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const other = await create({ slug: 'other' });
    const renamed = await admin.patch<Refused>(`${FEEDS}/${other.id}`, { slug: 'taken' });
    expect(refused(renamed)).toMatchObject({ status: 409, code: 'slug_taken' });
  });

  it('changes what is given, and leaves the rest', async () => {
    const { id } = await create({
      slug: 'changed',
      filter: { locales: ['en'], scope: { territories: ['GB'] } },
    });
    const { status, body } = await admin.patch<{ data: Feed }>(`${FEEDS}/${id}`, {
      title: 'Other',
      filter: { scope: { genres: ['drama'] } },
    });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      slug: 'changed',
      title: 'Other',
      filter: {
        locales: ['en'],
        scope: { territories: ['GB'], genres: ['drama'], content_types: [] },
      },
    });
    expect(refused(await admin.patch<Refused>(`${FEEDS}/none`, {}))).toMatchObject({ status: 404 });
  });

  it('lists feeds newest first, page by page, and those of a partner', async () => {
    const partner = await desk.partner();
    const made = [];
    for (const slug of ['page-a', 'page-b', 'page-c']) {
      made.unshift((await create({ slug, partner_ids: [partner.id] })).id);
    }
    const list = async (query: string) =>
      (
        await admin.get<{ data: Feed[]; meta: { after: string | null; has_more: boolean } }>(
          `${FEEDS}?${query}`,
        )
      ).body;
    const first = await list(`limit=2&partner_id=${partner.id}`);
    const second = await list(`limit=2&partner_id=${partner.id}&after=${first.meta.after}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(made);
    expect(second.meta).toEqual({ after: null, has_more: false });
    expect((await list('partner_id=%25')).data).toEqual([]);
  });

  it('deletes a feed, and its cursors are nothing to a new one of that name', async () => {
    const { id } = await create({ slug: 'again' });
    const events = '/api/newswire/feeds/again/events';
    const page = await desk.internal.get<{ meta: { cursor: string } }>(events);
    expect((await admin.delete(`${FEEDS}/${id}`)).status).toBe(204);
    expect((await desk.internal.get(events)).status).toBe(404);
    await create({ slug: 'again' });
    const reply = await desk.internal.get<Refused>(`${events}?since=${page.body.meta.cursor}`);
    expect(refused(reply)).toMatchObject({ status: 400, code: 'cursor_invalid' });
  });

  it('shows readers the feeds that they may read, with every address', async () => {
    const [partner, other] = [await desk.partner(), await desk.partner()];
    await create({ slug: 'for-both', partner_ids: [partner.id, other.id] });
    await create({ slug: 'for-one', title: 'For one', partner_ids: [partner.id] });
    const listed = async (reader: HttpClient) =>
      (await reader.get<{ data: ReadableFeed[] }>('/api/newswire/feeds')).body.data;
    expect((await listed(other.reader)).map(({ slug }) => slug)).toEqual(['for-both']);
    const feeds = await listed(partner.reader);
    expect(feeds.map(({ slug }) => slug)).toEqual(['for-both', 'for-one']);
    expect(feeds[1]).toMatchObject({
      title: 'For one',
      links: {
        events: expect.stringMatching(/\/api\/newswire\/feeds\/for-one\/events$/),
        stream: expect.stringMatching(/\/feeds\/for-one\/stream$/),
        rss: expect.stringMatching(/\/feeds\/for-one\/rss$/),
      },
    });
    expect((await listed(desk.internal)).some(({ slug }) => slug === 'for-one')).toBe(false);
    const { headers } = await partner.reader.get('/api/newswire/feeds');
    const again = await fetch(`${app.url}/api/newswire/feeds`, {
      headers: {
        authorization: `Bearer ${partner.token}`,
        'if-none-match': headers.get('etag') ?? '',
      },
    });
    expect(again.status).toBe(304);
  });
});
