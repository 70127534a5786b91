import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TITLE_LENGTH } from '../../../../server/src/domain/feed-item/item';
import type { MakeItem } from '../../../../server/src/domain/feed-item/item';
import { entryOf } from '../../../../server/src/flow/feed/documents/entry';
import { DOCUMENT_FORMATS } from '../../../../server/src/flow/feed/documents/feed-document';
import type { DocumentFormat } from '../../../../server/src/flow/feed/documents/feed-document';
import { documentLinks } from '../../../../server/src/flow/feed/documents/links';
import type { LinkInput } from '../../../../server/src/flow/feed/documents/links';
import { writeDocument } from '../../../../server/src/flow/feed/documents/write-document';
import { readJsonFeed, readXmlFeed } from '../../../support/feed-readers';

const ROUTES = 'https://news.example/api/newswire';
const RELEASED = new Date('2026-01-17T14:32:00.041Z');

const FEED = {
  id: 'urn:uuid:0198c5a2-0000-7c3a-9f53-2f6f0c6f5a00',
  title: 'Titles',
  description: '',
  updatedAt: RELEASED,
  author: 'northlight-cms',
};

const idOf = (n: number) => `0198c5a2-7b0e-7c3a-9f53-${String(n).padStart(12, '0')}`;

interface Given {
  payload: unknown;
  type?: string;
  transformed?: boolean;
  convert?: MakeItem;
}

function entry({ payload, type = 'content.ready', transformed = false, convert }: Given, n = 1) {
  const event = {
    event_id: idOf(n),
    event_type: type,
    producer_id: 'northlight-cms',
    changed: [],
    payload,
  };
  return entryOf(
    {
      eventId: idOf(n),
      eventType: type,
      releasedAt: new Date(RELEASED.getTime() - n * 1_000),
      text: JSON.stringify(transformed ? payload : event),
    },
    { transformed, producerId: 'fallback', converterOf: () => convert },
  );
}

function linksOf(format: DocumentFormat, given: Partial<LinkInput> = {}) {
  return documentLinks({
    ...{ routes: ROUTES, slug: 'titles', format, before: null, limit: null, token: null },
    ...{ older: null, newer: null },
    ...given,
  });
}

function write(
  format: DocumentFormat,
  entries: ReturnType<typeof entry>[],
  given: Partial<LinkInput> & { title?: string; description?: string } = {},
) {
  const { title = FEED.title, description = FEED.description, ...links } = given;
  return writeDocument(format, {
    ...{ ...FEED, title, description, entries },
    links: linksOf(format, links),
  });
}

async function read(format: DocumentFormat, text: string) {
  return format === 'json' ? readJsonFeed(text) : readXmlFeed(text);
}

/** Every character that XML 1.0 can hold (§2.2), and nothing else. */

const ONLY_XML = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Text as nobody writes it: any UTF-16 unit, and what has broken other writers. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)))
    .map((units) => units.join('')),
  fc
    .array(
      fc.constantFrom(
        ...[']]>', '<![CDATA[', '\n      <![CDATA[', ']]>\n    </title>', '&amp;', '&#0;', '&'],
        ...['<script>', '</title>', '<!--', '-->', '<?xml?>', '\u0000', '\u0008', '\uFFFE'],
        ...[
          '\uD83D',
          '\uDE00',
          '😀',
          '\u202E',
          'שלום',
          '\r\n',
          '  ',
          '"',
          "'",
          'x',
          'http://x/?a=1&b',
        ],
      ),
    )
    .map((parts) => parts.join('')),
);

describe('A document', () => {
  it.each(DOCUMENT_FORMATS)('is well-formed whatever stands in an event, as %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            type: fc.constantFrom('content.ready', 'a.b_c.d'),
            transformed: fc.boolean(),
            payload: fc.oneof(
              hostile,
              fc.record({ title: hostile, url: hostile, summary: hostile, content_html: hostile }),
              fc.dictionary(hostile, fc.jsonValue({ stringUnit: 'binary' })),
            ),
          }),
          { maxLength: 5 },
        ),
        fc.oneof(hostile, fc.constant('Titles')),
        hostile,
        async (given, title, description) => {
          const entries = given.map((one, n) => entry(one, n));
          const text = write(format, entries, { title, description });
          if (format !== 'json') expect(text).toMatch(ONLY_XML);
          const feed = await read(format, text);
          expect(feed.items.map(({ id }) => id)).toEqual(
            given.map((_, n) => `urn:uuid:${idOf(n)}`),
          );
          for (const item of feed.items) {
            expect(item.title).not.toBe('');
            expect(item.title).toMatch(ONLY_XML);
            expect(item.content).toMatch(ONLY_XML);
            expect(item.title.length).toBeLessThanOrEqual(TITLE_LENGTH);
            expect(item.author).not.toBe('');
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(DOCUMENT_FORMATS)('gives a title back as it was, as %s', async (format) => {
    for (const title of [
      'Rivals & <b>Co</b> ]]> "quoted" 😀',
      'שלום \u202Eעולם',
      'a <![CDATA[ b ]]> c',
      'x > \n y',
    ]) {
      const feed = await read(format, write(format, [entry({ payload: { title } })]));
      expect(feed.items[0]?.title).toBe(`Content ready: ${title.replace(/\s+/g, ' ')}`);
      expect(feed.items[0]).toMatchObject({
        category: 'content.ready',
        author: 'northlight-cms',
        url: null,
      });
    }
  });

  it.each(DOCUMENT_FORMATS)(
    'cuts a title of 100 kB, and has the whole of it in the content, as %s',
    async (format) => {
      const title = '😀 long ]]> '.repeat(10_000).trim();
      expect(title.length).toBeGreaterThan(100_000);
      const [item] = (await read(format, write(format, [entry({ payload: { title } })]))).items;
      expect(item?.title).toMatch(/^Content ready: 😀 long \]\]> .*…$/u);
      expect(item?.title.length).toBeLessThanOrEqual(TITLE_LENGTH);
      expect(item?.content).toContain(title.replaceAll('>', '&gt;'));
    },
  );

  it.each(DOCUMENT_FORMATS)(
    'has links to nothing but web addresses in its entries, as %s',
    async (format) => {
      const addresses = [
        'javascript:alert(1)',
        'data:text/html,x',
        'file:///etc/passwd',
        'https://',
        'ftp://x.example/',
        'https://user:secret@x.example/',
        'https://x.example/a?b=1&c=<2>',
      ];
      const entries = addresses.map((url, n) => entry({ payload: { title: 'T', url } }, n));
      const { items } = await read(format, write(format, entries, { token: 'nwp_secret' }));
      expect(items.map(({ url }) => url)).toEqual([
        ...[null, null, null, null, null, null],
        'https://x.example/a?b=1&c=%3C2%3E',
      ]);
      for (const { content } of items) expect(content).not.toMatch(/href="(?!https:)/);
    },
  );

  it('carries the token in its own links alone, percent-encoded, and only when it came in the query', async () => {
    const token = 'nwp_a+b/c=&d"<';
    for (const format of DOCUMENT_FORMATS) {
      const around = { before: 'c/1', limit: 20, older: 'c/2', newer: { cursor: 'c/0' } };
      const entries = [entry({ payload: { title: 'T', url: 'https://other.example/x' } })];
      const withToken = write(format, entries, { ...around, token });
      const { links, items } = await read(format, withToken);
      const own = Object.entries(links).filter(([rel]) => rel !== 'alternate');
      expect(own.length).toBe(format === 'json' ? 2 : 4);
      for (const [, href] of own) {
        expect(new URL(href).searchParams.get('token')).toBe(token);
        expect(new URL(href).searchParams.get('limit')).toBe('20');
        expect(href).toContain(`/feeds/titles/${format}?`);
      }
      expect(new URL(links['next'] ?? '').searchParams.get('before')).toBe('c/2');
      expect(items[0]?.url).toBe('https://other.example/x');
      expect(write(format, entries, around)).not.toContain('token');
    }
  });

  it('says nothing of pages that there are not', async () => {
    for (const format of DOCUMENT_FORMATS) {
      const { links, items } = await read(format, write(format, []));
      expect(items).toEqual([]);
      expect(links).not.toHaveProperty('next');
      expect(links).not.toHaveProperty('previous');
      expect(links['self']).toBe(`${ROUTES}/feeds/titles/${format}`);
    }
  });

  it('shows an event the same on whatever page it is', () => {
    const [a, b, c] = [1, 2, 3].map((n) => entry({ payload: { title: `T${n}` } }, n));
    if (!a || !b || !c) throw new Error('three entries');
    const partOf = (text: string) =>
      /<(entry|item)>(?:(?!<\1>)[\s\S])*?T2[\s\S]*?<\/\1>/.exec(text)?.[0];
    for (const format of ['rss', 'atom'] as const) {
      const first = partOf(write(format, [a, b]));
      expect(first).toBeDefined();
      expect(partOf(write(format, [b, c], { before: 'x', older: 'y' }))).toBe(first);
    }
  });

  it('takes the default where a converter throws, or answers rubbish', () => {
    const payload = { title: 'Rivals' };
    for (const convert of [
      () => {
        throw new Error('broken');
      },
      () => null,
      () => 'text',
      () => ({ title: 7 }),
      () => ({ title: ' \u0000 ' }),
      () => Promise.resolve({ title: 'later' }),
    ]) {
      expect(entry({ payload, convert }).title).toBe('Content ready: Rivals');
    }
    const own = entry({ payload, convert: () => ({ title: 'Mine', url: 'javascript:1' }) });
    expect(own).toMatchObject({ title: 'Mine', url: null, summary: null });
    expect(own.html).toContain('<dd>Rivals</dd>');
  });

  it("shows a transform's title, summary, address and content, and any other result as JSON", () => {
    const shown = { title: 'T', summary: 'S', url: 'https://x.example/', content_html: '<p>C</p>' };
    expect(entry({ payload: shown, transformed: true })).toMatchObject({
      ...{ title: 'T', summary: 'S', url: 'https://x.example/', html: '<p>C</p>' },
      author: 'fallback',
    });
    for (const payload of [{ a: '<b>' }, ['<b>'], '<b>', 7, null]) {
      const other = entry({ payload, transformed: true, type: 'a.title.available' });
      expect(other.title).toBe('Title available');
      expect(other.html).toMatch(/^<pre>/);
      expect(other.html).not.toContain('<b>');
    }
  });
});
