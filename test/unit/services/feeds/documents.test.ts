import { describe, expect, it } from 'vitest';
import { FeedDocuments } from '../../../../server/src/services/feeds/documents';
import type { FeedReader } from '../../../../server/src/services/feeds/reader';
import { readXmlFeed } from '../../../support/feed-readers';

const READER: FeedReader = { tokenId: 't', partner: null, standing: null, expiresAt: null };

/** Events of this many characters each, the newest has the highest release number. */
function documentsOf(sizes: number[]) {
  const events = sizes.map((size, at) => ({
    releaseNumber: sizes.length - at,
    releasedAt: new Date('2026-01-17T14:32:00.041Z'),
    event: { eventId: `event-${sizes.length - at}`, eventType: 'content.ready' },
    text: JSON.stringify({ payload: { title: 'T', text: 'x'.repeat(size) } }),
    failure: null,
  }));
  const feed = {
    id: 'f',
    slug: 'titles',
    settings: { title: 'Titles', description: '', transform: null },
    updatedAt: new Date(0),
  };
  const reading = {
    open: () => Promise.resolve({ feed, head: sizes.length }),
    newest: () => Promise.resolve({ matches: [], hasMore: true, reached: 0 }),
    cursorOf: (_: unknown, { position }: { position: number }) => `at-${position}`,
    tagOf: (_: unknown, __: unknown, parts: unknown) => JSON.stringify(parts),
  };
  const writer = { write: () => Promise.resolve({ events, cut: false }) };
  return new FeedDocuments({
    reading,
    writer,
    notes: { read: () => undefined },
    catalogue: { definition: () => undefined },
    producerId: 'northlight-cms',
    routes: 'https://news.example/api/newswire',
  } as never);
}

const pageOf = async (sizes: number[]) => {
  const request = { format: 'atom', query: {}, token: null } as const;
  const { write } = await documentsOf(sizes).page(READER, 'titles', request);
  return readXmlFeed((await write()).text);
};

describe('A page for feed readers', () => {
  it('ends where it has grown too large, and the next begins there', async () => {
    const { items, links } = await pageOf([3_000_000, 3_000_000, 3_000_000, 10]);
    expect(items.map(({ id }) => id)).toEqual(['urn:uuid:event-4', 'urn:uuid:event-3']);
    expect(new URL(links['next'] ?? '').searchParams.get('before')).toBe('at-3');
  });

  it('has an entry at least, however large', async () => {
    const { items, links } = await pageOf([20_000_000, 10]);
    expect(items).toHaveLength(1);
    expect(new URL(links['next'] ?? '').searchParams.get('before')).toBe('at-2');
    expect(items[0]?.content.length).toBeLessThan(1_000_000);
  });

  it('goes on where the page before has ended', async () => {
    const { items, links } = await pageOf([10, 10]);
    expect(items).toHaveLength(2);
    expect(new URL(links['next'] ?? '').searchParams.get('before')).toBe('at-1');
  });
});
