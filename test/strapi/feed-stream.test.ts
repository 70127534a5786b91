import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../server/src/domain/event';
import { startStrapi, type TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';
import { openFeeds, type FeedDesk } from './feeds/desk';
import { openStream, type Frame } from './feeds/stream-client';

describe('A stream of a feed', () => {
  let app: TestStrapi;
  let desk: FeedDesk;
  let stopped = false;

  beforeAll(async () => {
    app = await startStrapi({
      options: {
        presets: ['generic'],
        overrides: { 'entry.updated': { audience: 'partner' } },
        sequencer: { pollSeconds: 0.05 },
      },
    });
    desk = await openFeeds(app);
  });
  afterAll(async () => {
    if (!stopped) await app?.stop();
  });

  const address = (slug: string, query = '') =>
    `${app.url}/api/newswire/feeds/${slug}/stream${query}`;
  const open = async (slug: string, headers: Record<string, string> = {}, query = '') =>
    openStream(address(slug, query), { ...(await desk.authorization()), ...headers });
  const idsOf = (frames: Frame[]) =>
    frames.map(({ data }) => (JSON.parse(data ?? '') as EventBody).event_id);

  it('begins with what is there, and goes on with what comes, each event as its own bytes', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.created'] });
    const before = await desk.release(3, { type: 'entry.created', payload: { text: 'a\nb\r\n' } });
    const stream = await open(slug);
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toContain('no-transform');
    await waitFor(() => stream.frames.length === 3, 10_000, 'what is there');
    await desk.release(1, { type: 'entry.deleted' });
    const after = await desk.release(2, { type: 'entry.created' });
    await waitFor(() => stream.frames.length === 5, 10_000, 'what comes');
    expect(idsOf(stream.frames)).toEqual([...before, ...after]);
    expect(stream.frames.map(({ type }) => type)).toEqual(Array(5).fill('entry.created'));
    expect(JSON.parse(stream.frames[0]?.data ?? '')).toEqual(await desk.event(before[0] ?? ''));
    expect(stream.text()).toMatch(/^retry: \d+\n\n/);
    stream.leave();
    await stream.ended;
  });

  it('goes on after the last id, and not from the beginning of its address', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.published'] });
    const made = await desk.release(4, { type: 'entry.published' });
    const first = await open(slug);
    await waitFor(() => first.frames.length === 4, 10_000, 'all four');
    first.leave();
    await first.ended;
    const [second, third] = [first.frames[1]?.id ?? '', first.frames[2]?.id ?? ''];
    const again = await open(slug, { 'last-event-id': second }, `?since=${third}`);
    await waitFor(() => again.frames.length === 2, 10_000, 'the rest');
    expect(idsOf(again.frames)).toEqual(made.slice(2));
    again.leave();
    await again.ended;
    const bySince = await open(slug, {}, `?since=${third}`);
    await waitFor(() => bySince.frames.length === 1, 10_000, 'the last');
    expect(idsOf(bySince.frames)).toEqual(made.slice(3));
    bySince.leave();
    await bySince.ended;
  });

  it.each([
    ['last-event-id', 'forged'],
    ['last-event-id', '%00'],
  ])('is refused before it begins with a bad %s', async (name, value) => {
    const { slug } = await desk.feed({});
    const { response } = await open(slug, { [name]: value });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/json');
  });

  it('is the same 404 for an unknown feed and for that of a partner', async () => {
    const { slug } = await desk.feed({ partner_ids: [(await desk.partner()).id] });
    const texts = await Promise.all(
      [slug, 'never-was'].map(async (name) => {
        const stream = await open(name);
        await stream.ended;
        return [stream.response.status, stream.text()];
      }),
    );
    expect(texts[0]).toEqual(texts[1]);
    expect(texts[0]?.[0]).toBe(404);
  });

  it.each([
    [
      'its partner is suspended',
      (id: string) =>
        desk.manage.patch(`/api/newswire/manage/partners/${id}`, { state: 'suspended' }),
    ],
    [
      'its token is revoked',
      (id: string, tokenId: string) =>
        desk.manage.delete(`/api/newswire/manage/partners/${id}/tokens/${tokenId}`),
    ],
    [
      'the feed is closed to it',
      async (id: string, _: string, feedId: string) => {
        const other = await desk.partner();
        expect(id).not.toBe(other.id);
        return desk.manage.patch(`/api/newswire/manage/feeds/${feedId}`, {
          partner_ids: [other.id],
        });
      },
    ],
  ])('ends without another event when %s', async (_, close) => {
    const partner = await desk.partner();
    const { slug, id } = await desk.feed({ partner_ids: [partner.id] });
    await desk.release(1, { type: 'entry.updated' });
    const stream = await openStream(address(slug), { authorization: `Bearer ${partner.token}` });
    await waitFor(() => stream.frames.length > 0, 10_000, 'what is there');
    const before = stream.frames.length;
    const { status } = await close(partner.id, partner.tokenId, id);
    expect(status).toBeLessThan(300);
    await desk.release(1, { type: 'entry.updated' });
    await stream.ended;
    expect(stream.frames).toHaveLength(before);
  });

  it('shows what the partner may have from then on when its rights change', async () => {
    const partner = await desk.partner({ territories: ['GB'] });
    const { slug } = await desk.feed({ partner_ids: [partner.id], event_types: ['entry.updated'] });
    const { data, meta } = (
      await partner.reader.get<{ data: unknown[]; meta: { cursor: string } }>(
        `/api/newswire/feeds/${slug}/events?limit=1000`,
      )
    ).body;
    expect(data.length).toBeGreaterThanOrEqual(0);
    const scope = (territories: string[]) => ({ territories, genres: null, content_types: null });
    const stream = await openStream(address(slug, `?since=${meta.cursor}`), {
      authorization: `Bearer ${partner.token}`,
    });
    const [inGb] = await desk.release(1, { type: 'entry.updated', scope: scope(['GB']) });
    await waitFor(() => stream.frames.length === 1, 10_000, 'the first');
    await desk.manage.patch(`/api/newswire/manage/partners/${partner.id}`, { territories: ['DE'] });
    await desk.release(1, { type: 'entry.updated', scope: scope(['GB']) });
    const [inDe] = await desk.release(1, { type: 'entry.updated', scope: scope(['DE']) });
    await waitFor(() => stream.frames.length >= 2, 10_000, 'the second');
    expect(idsOf(stream.frames)).toEqual([inGb, inDe]);
    stream.leave();
    await stream.ended;
  });

  it('is answered to HEAD without being held open', async () => {
    const { slug } = await desk.feed({});
    for (let times = 0; times < 30; times += 1) {
      const { status } = await fetch(address(slug), {
        method: 'HEAD',
        headers: await desk.authorization(),
      });
      expect(status).toBe(200);
    }
  });

  it('gives its place back when its reader goes', async () => {
    const { slug } = await desk.feed({});
    for (let times = 0; times < 30; times += 1) {
      const stream = await open(slug);
      expect(stream.response.status).toBe(200);
      stream.leave();
      await stream.ended;
    }
  });

  it('is refused where a token holds too many already', async () => {
    const partner = await desk.partner();
    const { slug } = await desk.feed({ partner_ids: [partner.id] });
    const headers = { authorization: `Bearer ${partner.token}` };
    const streams = await Promise.all(
      Array.from({ length: 21 }, () => openStream(address(slug), headers)),
    );
    const statuses = streams.map(({ response }) => response.status).sort();
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.at(-1)).toBe(429);
    streams.forEach(({ leave }) => leave());
    await Promise.all(streams.map(({ ended }) => ended));
  });

  it('ends in order when the process stops', async () => {
    const { slug } = await desk.feed({ event_types: ['entry.unpublished'] });
    const stream = await open(slug);
    const [made] = await desk.release(1, { type: 'entry.unpublished' });
    await waitFor(() => stream.frames.length === 1, 10_000, 'the event');
    stopped = true;
    await app.stop();
    await stream.ended;
    expect(idsOf(stream.frames)).toEqual([made]);
  });
});
