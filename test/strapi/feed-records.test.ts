import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedRecordAnswer } from '../../server/src/contracts/feed-page';
import type { HttpClient } from '../support/http-client';
import { startStrapi, type TestStrapi } from '../support/strapi';
import { openFeeds, type FeedDesk } from './feeds/desk';

interface List {
  data: FeedRecordAnswer[];
  meta: { after: string | null; has_more: boolean; change_token: string };
}

describe('The records of a feed', () => {
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

  const recordsOf = (slug: string, rest = '') => `/api/newswire/feeds/${slug}/records${rest}`;
  const list = async (slug: string, query = '') =>
    (await reader.get<List>(recordsOf(slug, query))).body;

  it('are the newest events about each subject, page by page', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.created', 'entry.deleted'] });
    const before = (await list(slug, '?limit=1000')).data.length;
    const subjects = Array.from({ length: 7 }, (_, index) => `list-${index}`);
    for (const subject of subjects) await desk.release(1, { type: 'entry.created', subject });
    await desk.release(1, { type: 'entry.updated', subject: 'list-0' });
    await desk.release(1, { type: 'entry.deleted', subject: 'list-1', payload: { a: 1 } });
    const seen: FeedRecordAnswer[] = [];
    let after = '';
    for (;;) {
      const { data, meta } = await list(slug, `?limit=3${after}`);
      seen.push(...data);
      if (!meta.has_more) break;
      after = `&after=${meta.after}`;
    }
    expect(seen).toHaveLength(before + 7);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(before + 7);
    const one = (id: string) => seen.find((record) => record.id === id);
    expect(one('list-0')).toMatchObject({ state: 'current', event_type: 'entry.created' });
    expect(one('list-1')).toMatchObject({
      type: 'api::person.person',
      locale: null,
      change_token: 'token',
      state: 'deleted',
      event_type: 'entry.deleted',
      snapshot: { a: 1 },
    });
  });

  it('are found by id, and by locale where there are several', async () => {
    const { slug } = await desk.feed({});
    await desk.release(1, { type: 'entry.updated', subject: 'one', locale: 'de' });
    await desk.release(1, { type: 'entry.unpublished', subject: 'one', locale: 'en' });
    const find = async (query: string) =>
      reader.get<{ data: FeedRecordAnswer }>(recordsOf(slug, `/one${query}`));
    expect((await find('')).body.data).toMatchObject({ locale: 'en', state: 'withdrawn' });
    expect((await find('?locale=de')).body.data).toMatchObject({ locale: 'de', state: 'current' });
    expect((await find('?locale=fr')).status).toBe(404);
  });

  it('are answered 304 while they are the same', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.created'] });
    await desk.release(1, { type: 'entry.created', subject: 'same' });
    for (const path of [recordsOf(slug), recordsOf(slug, '/same')]) {
      const first = await reader.get(path);
      const again = await desk.withHeaders({ 'if-none-match': first.headers.get('etag') ?? '' });
      expect((await again.get(path)).status).toBe(304);
      await desk.release(1, { type: 'entry.deleted', subject: 'same' });
      expect((await again.get(path)).status).toBe(304);
      await desk.release(1, { type: 'entry.created', subject: 'same' });
      expect((await again.get(path)).status).toBe(200);
    }
  });

  it('hold what the feed shows of an event, and what names the subject in any case', async () => {
    const projected = await desk.feed({ projection: ['$.payload.a'] });
    const made = await desk.feed({ transform: '{ "made": payload.a }' });
    await desk.release(1, { type: 'entry.created', subject: 'shaped', payload: { a: 1, b: 2 } });
    const find = async (slug: string) =>
      (await reader.get<{ data: FeedRecordAnswer }>(recordsOf(slug, '/shaped'))).body.data;
    expect(await find(projected.slug)).toMatchObject({ id: 'shaped', snapshot: { a: 1 } });
    expect((await find(projected.slug)).snapshot).not.toHaveProperty('b');
    expect(await find(made.slug)).toMatchObject({ id: 'shaped', snapshot: { made: 1 } });
  });

  it('are alike for what a partner may not see and for what is not there', async () => {
    const partner = await desk.partner();
    const { slug } = await desk.feed({ partner_ids: [partner.id] });
    await desk.release(1, { type: 'entry.updated', subject: 'hidden' });
    const [hidden, none] = await Promise.all(
      ['hidden', 'never-was'].map((id) => partner.reader.get(recordsOf(slug, `/${id}`))),
    );
    expect(hidden?.status).toBe(404);
    expect(hidden?.body).toEqual(none?.body);
  });

  it.each([
    ['?after=x', 400],
    [`?after=${'0'.repeat(64)}&limit=5`, 200],
    ['?limit=1001', 400],
    ['?since=x', 400],
    ['/%00', 404],
    ['/%F0%9F%98%80', 404],
    ["/'%20or%201=1--", 404],
    [`/${'x'.repeat(3_000)}`, 404],
    ['/one?locale=a&locale=b', 400],
    ['/one?colour=red', 400],
    ['/%E0%A4%A', 404],
  ])('answer %s with %i', async (rest, status) => {
    const { slug } = await desk.feed({});
    expect((await reader.get(recordsOf(slug, rest))).status).toBe(status);
  });
});
