import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feed } from '../../server/src/contracts/feed';
import type { FeedPageMeta } from '../../server/src/contracts/feed-page';
import type { EventBody } from '../../server/src/domain/event';
import type { HttpClient, Reply } from '../support/http-client';
import { startStrapi, type TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';
import { openFeeds, type FeedDesk } from './feeds/desk';

interface Page {
  data: EventBody[];
  meta: FeedPageMeta;
}
interface Refused {
  error: { status: number; details: { code: string; errors?: { path: string[] }[] } };
}

describe('A page of a feed', () => {
  let app: TestStrapi;
  let desk: FeedDesk;
  let reader: HttpClient;

  beforeAll(async () => {
    app = await startStrapi({
      options: { presets: ['generic'], sequencer: { pollSeconds: 0.05 } },
    });
    desk = await openFeeds(app);
    reader = desk.internal;
  });
  afterAll(() => app?.stop());

  const eventsOf = (slug: string, query = '') => `/api/newswire/feeds/${slug}/events${query}`;
  const read = async (slug: string, query = '', client = reader) =>
    (await client.get<Page>(eventsOf(slug, query))).body;
  const refusal = ({ status, body }: Reply<Refused>) => ({
    status,
    code: body.error.details.code,
    fields: [...new Set(body.error.details.errors?.map(({ path }) => path.join('.')))],
  });

  it('begins with the oldest event, and goes on from its cursor without an event twice', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.created'] });
    const made = await desk.release(25, { type: 'entry.created' });
    await desk.release(3, { type: 'entry.deleted' });
    const seen: string[] = [];
    let query = '?limit=10';
    const sizes: number[] = [];
    for (;;) {
      const { data, meta } = await read(slug, query);
      seen.push(...data.map(({ event_id }) => event_id));
      sizes.push(data.length);
      query = `?limit=10&since=${meta.cursor}`;
      if (!meta.has_more) break;
    }
    expect(seen).toEqual(made);
    expect(sizes).toEqual([10, 10, 5]);
  });

  it("holds the events' own bytes", async () => {
    const { slug } = await desk.feed({ event_types: ['entry.published'] });
    const [id = ''] = await desk.release(1, { type: 'entry.published', payload: { a: '1.0' } });
    const { data } = await read(slug);
    expect(data.at(-1)).toEqual(await desk.event(id));
  });

  it('names what was seen by a change token that stays while nothing comes', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.updated'] });
    await desk.release(2, { type: 'entry.updated' });
    const first = await read(slug);
    const again = await read(slug, `?since=${first.meta.cursor}`);
    expect(again.data).toEqual([]);
    expect(again.meta.change_token).toBe(first.meta.change_token);
    await desk.release(1, { type: 'entry.deleted' });
    const other = await read(slug, `?since=${again.meta.cursor}`);
    expect(other.meta.change_token).toBe(first.meta.change_token);
    await desk.release(1, { type: 'entry.updated' });
    const moved = await read(slug, `?since=${other.meta.cursor}`);
    expect(moved.data).toHaveLength(1);
    expect(moved.meta.change_token).not.toBe(first.meta.change_token);
  });

  it('is narrowed by types and patterns', async () => {
    const { slug } = await desk.feed({});
    const { meta } = await read(slug, '?limit=1000');
    const since = `&since=${meta.cursor}`;
    await desk.release(1, { type: 'entry.created' });
    const [updated] = await desk.release(1, { type: 'entry.updated' });
    const [deleted] = await desk.release(1, { type: 'entry.deleted' });
    const idsOf = async (types: string) =>
      (await read(slug, `?types=${types}${since}`)).data.map(({ event_id }) => event_id);
    expect(await idsOf('entry.updated,entry.deleted')).toEqual([updated, deleted]);
    expect(await idsOf('*.deleted')).toEqual([deleted]);
    expect(await idsOf('content.*')).toEqual([]);
  });

  it('is answered 304 while it is the same, and anew when something has come', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.updated'] });
    await desk.release(1, { type: 'entry.updated' });
    const first = await reader.get<Page>(eventsOf(slug));
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/".+"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(Date.parse(first.headers.get('last-modified') ?? '')).toBeGreaterThan(
      Date.now() - 600_000,
    );
    const again = await desk.withHeaders({ 'if-none-match': `"x", ${tag}` });
    expect((await again.get(eventsOf(slug))).status).toBe(304);
    await desk.release(1, { type: 'entry.deleted' });
    expect((await again.get(eventsOf(slug))).status).toBe(304);
    await desk.release(1, { type: 'entry.updated' });
    expect((await again.get(eventsOf(slug))).status).toBe(200);
  });

  it('is another one when the feed was changed', async () => {
    const { slug, id } = await desk.feed({ event_types: ['entry.updated'] });
    await desk.release(1, { type: 'entry.updated' });
    const tag = (await reader.get(eventsOf(slug))).headers.get('etag') ?? '';
    await desk.manage.patch(`/api/newswire/manage/feeds/${id}`, { projection: ['$.event_id'] });
    const again = await desk.withHeaders({ 'if-none-match': tag });
    const { status, body } = await again.get<Page>(eventsOf(slug));
    expect(status).toBe(200);
    expect(Object.keys(body.data[0] ?? {})).toEqual(['event_id']);
  });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('is compressed by %s when asked', async (encoding, decode) => {
    const { slug } = await desk.feed({ event_types: ['entry.updated'] });
    await desk.release(5, { type: 'entry.updated', payload: { text: 'x'.repeat(2_000) } });
    const { headers, body } = await rawGet(`${app.url}${eventsOf(slug)}`, {
      ...(await desk.authorization()),
      'accept-encoding': encoding,
    });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const page = JSON.parse(decode(body).toString()) as Page;
    expect(page.data.length).toBeGreaterThanOrEqual(5);
  });

  it('waits for an event, and not longer', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.created'] });
    const { meta } = await read(slug, '?limit=1000');
    const began = performance.now();
    const waiting = read(slug, `?wait=20&since=${meta.cursor}`);
    await sleep(200);
    await desk.release(1, { type: 'entry.deleted' });
    const [made] = await desk.release(1, { type: 'entry.created' });
    const page = await waiting;
    expect(page.data.map(({ event_id }) => event_id)).toEqual([made]);
    expect(performance.now() - began).toBeLessThan(5_000);
    const empty = await read(slug, `?wait=1&since=${page.meta.cursor}`);
    expect(empty.data).toEqual([]);
    expect(empty.meta.change_token).toBe(page.meta.change_token);
  });

  it('is the same 404 for an unknown feed and for that of a partner', async () => {
    const { slug } = await desk.feed({ partner_ids: [(await desk.partner()).id] });
    const other = await reader.get<Refused>(eventsOf(slug));
    const none = await reader.get<Refused>(eventsOf('never-was'));
    expect(other.status).toBe(404);
    expect(other.body).toEqual(none.body);
  });

  it('shows a partner what is for partners alone', async () => {
    const partner = await desk.partner();
    const { slug } = await desk.feed({ partner_ids: [partner.id] });
    await desk.release(2, { type: 'entry.updated' });
    const page = await read(slug, '', partner.reader);
    expect(page.data).toEqual([]);
    expect((await read((await desk.feed({})).slug)).data.length).toBeGreaterThan(0);
  });

  it.each([
    ['a limit of nothing', '?limit=0', 'limit'],
    ['too large a limit', '?limit=1001', 'limit'],
    ['a limit in words', '?limit=ten', 'limit'],
    ['an empty limit', '?limit=', 'limit'],
    ['two limits', '?limit=1&limit=2', 'limit'],
    ['a list of limits', '?limit[]=1', 'limit'],
    ['too long a wait', '?wait=31', 'wait'],
    ['a negative wait', '?wait=-1', 'wait'],
    ['two commas in a row', '?types=entry.updated,,entry.created', 'types.1'],
    ['a type that is none', '?types=entry.updated,NO!', 'types.1'],
    ['two cursors', '?since=a&since=b', 'since'],
    ['a parameter that there is not', '?colour=red', 'colour'],
  ])('refuses %s', async (_, query, field) => {
    const { slug } = await desk.feed({});
    expect(refusal(await reader.get<Refused>(eventsOf(slug, query)))).toEqual({
      status: 400,
      code: 'invalid_query',
      fields: [field],
    });
  });

  it('refuses cursors that are none, and those of another feed', async () => {
    const [one, other] = [await desk.feed({}), await desk.feed({})];
    const { cursor } = (await read(other.slug)).meta;
    const own = (await read(one.slug)).meta.cursor;
    const forged = [cursor, `${own}A`, own.slice(1), '', 'x'.repeat(5_000), '%F0%9F%98%80', '..'];
    for (const since of forged) {
      expect(refusal(await reader.get<Refused>(eventsOf(one.slug, `?since=${since}`)))).toEqual({
        status: 400,
        code: 'cursor_invalid',
        fields: ['since'],
      });
    }
  });

  it('tells a reader whose cursor has expired, and how to go on', async () => {
    const { slug, id } = await desk.feed({ event_types: ['entry.updated'] });
    const { cursor } = (await read(slug)).meta;
    await desk.release(1, { type: 'entry.updated' });
    await app.strapi.db.connection('newswire_events').update({ released_at: 0 });
    const [newest] = await desk.release(1, { type: 'entry.updated' });
    await desk.manage.patch(`/api/newswire/manage/feeds/${id}`, { max_age_days: 7 });
    expect(refusal(await reader.get<Refused>(eventsOf(slug, `?since=${cursor}`)))).toMatchObject({
      status: 410,
      code: 'cursor_expired',
    });
    const { data } = await read(slug);
    expect(data.map(({ event_id }) => event_id)).toEqual([newest]);
  });

  it('shows in its place that an event could not be written, and tells who keeps the feed', async () => {
    const { slug, id } = await desk.feed({
      event_types: ['entry.published'],
      transform: '$error("No title in " & event_id)',
    });
    const [eventId] = await desk.release(1, { type: 'entry.published' });
    const { body, headers } = await reader.get<Page>(eventsOf(slug));
    expect(body.data.at(-1)).toMatchObject({
      event_id: eventId,
      event_type: 'entry.published',
      error: { code: 'transform_failed' },
    });
    expect(headers.get('etag')).toBeNull();
    expect(JSON.stringify(body)).not.toContain('No title in');
    const feed = async () =>
      (await desk.manage.get<{ data: Feed }>(`/api/newswire/manage/feeds/${id}`)).body.data;
    await waitFor(async () => (await feed()).problem !== null, 10_000, 'the problem to be kept');
    expect((await feed()).problem?.message).toContain('No title in');
  });

  it('leaves out what its condition does not hold for', async () => {
    const { slug } = await desk.feed({
      event_types: ['entry.created'],
      filter: { condition: 'payload.wanted' },
    });
    const { meta } = await read(slug, '?limit=1000');
    await desk.release(1, { type: 'entry.created', payload: { wanted: false } });
    const [wanted] = await desk.release(1, { type: 'entry.created', payload: { wanted: true } });
    const { data } = await read(slug, `?since=${meta.cursor}&wait=10`);
    expect(data.map(({ event_id }) => event_id)).toEqual([wanted]);
  });

  it('is kept in mind: who has read the feed, and what it has not read yet', async () => {
    const partner = await desk.partner({ clearance: 'internal' });
    const { slug, id } = await desk.feed({
      partner_ids: [partner.id],
      event_types: ['entry.deleted'],
    });
    const { data } = await read(slug, '?limit=1000', partner.reader);
    await desk.release(3, { type: 'entry.deleted' });
    const readers = async () =>
      (await desk.manage.get<{ data: unknown[] }>(`/api/newswire/manage/feeds/${id}/readers`)).body
        .data;
    await waitFor(async () => (await readers()).length > 0, 10_000, 'the reader to be listed');
    expect(await readers()).toEqual([
      {
        token_id: partner.tokenId,
        partner_id: partner.id,
        last_read_at: expect.any(String),
        last_sequence_number: data.at(-1)?.sequence_number ?? null,
        unread: 3,
      },
    ]);
  });
});

/** Without what fetch does to a compressed body. */
function rawGet(url: string, headers: Record<string, string>) {
  return new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    request(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}
