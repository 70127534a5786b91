import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { XmlDocument } from 'libxml2-wasm';
import Parser from 'rss-parser';
import { expect } from 'vitest';
import { jsonFeedSchema } from './json-feed-schema';

/** What a feed reader has understood of a document. */
export interface ReadFeed {
  title: string;
  /** Addresses by relation; the first of each. */
  links: Record<string, string>;
  items: ReadItem[];
}

export interface ReadItem {
  id: string;
  title: string;
  url: string | null;
  content: string;
  at: string;
  category: string;
  author: string;
}

const ATOM = 'http://www.w3.org/2005/Atom';
const NAMES = {
  atom: ATOM,
  dc: 'http://purl.org/dc/elements/1.1/',
  content: 'http://purl.org/rss/1.0/modules/content/',
};

/** Reads RSS or Atom by two parsers that share nothing with each other, nor with what wrote it, and expects the same of both. */
export async function readXmlFeed(xml: string): Promise<ReadFeed> {
  const strict = readByLibxml(xml);
  const other = await readBySax(xml);
  expect(other).toEqual({
    title: strict.title,
    items: strict.items.map(({ id, title, url }) => ({ id, title, url })),
  });
  return strict;
}

/** libxml2, a validating XML processor in C: refuses what is not well-formed to the letter. */
function readByLibxml(xml: string): ReadFeed {
  const document = XmlDocument.fromBuffer(Buffer.from(xml));
  try {
    const root = document.root;
    const all = (path: string, from: typeof root = root) =>
      from.find(path, NAMES).map((node) => node as typeof root);
    const one = (path: string, from: typeof root) => all(path, from)[0]?.content ?? '';
    const isAtom = root.name === 'feed';
    const count = (path: string, from: typeof root) => all(path, from).length;
    const required = isAtom
      ? ['atom:id', 'atom:title', 'atom:updated', 'atom:author']
      : ['channel/title', 'channel/link', 'channel/description'];
    for (const path of required) expect([path, count(path, root)]).toEqual([path, 1]);
    const links = all(isAtom ? 'atom:link' : 'channel/atom:link').map((link) => [
      link.attr('rel')?.value ?? '',
      link.attr('href')?.value ?? '',
    ]);
    const items = all(isAtom ? 'atom:entry' : 'channel/item');
    for (const item of items) {
      const once = isAtom
        ? ['atom:id', 'atom:title', 'atom:updated', 'atom:published', 'atom:content', 'atom:author']
        : ['guid[@isPermaLink="false"]', 'title', 'description', 'pubDate', 'category'];
      for (const path of once) expect([path, count(path, item)]).toEqual([path, 1]);
    }
    expect(new Set(items.map((item) => one(isAtom ? 'atom:id' : 'guid', item))).size).toBe(
      items.length,
    );
    // RFC 4287 §4.1.1: no two alternates of the same type.
    const alternates = all('atom:link[@rel="alternate"]').map((link) => link.attr('type')?.value);
    expect(new Set(alternates).size).toBe(alternates.length);
    return {
      title: one(isAtom ? 'atom:title' : 'channel/title', root),
      links: Object.fromEntries(links.reverse()) as Record<string, string>,
      items: items.map((item) =>
        isAtom
          ? {
              id: one('atom:id', item),
              title: one('atom:title', item),
              url: all('atom:link', item)[0]?.attr('href')?.value ?? null,
              content: one('atom:content', item),
              at: one('atom:updated', item),
              category: all('atom:category', item)[0]?.attr('term')?.value ?? '',
              author: one('atom:author/atom:name', item),
            }
          : {
              id: one('guid', item),
              title: one('title', item),
              url: all('link', item)[0]?.content ?? null,
              content: one('content:encoded', item) || one('description', item),
              at: one('pubDate', item),
              category: one('category', item),
              author: one('dc:creator', item),
            },
      ),
    };
  } finally {
    document.dispose();
  }
}

/** rss-parser, as feed readers made with Node.js have it; below it the XML parser sax. */
async function readBySax(xml: string) {
  const { title, items } = await new Parser().parseString(xml);
  return {
    title,
    items: items.map((item) => ({
      id: item.guid ?? (item as { id?: string }).id,
      title: item.title,
      url: item.link ?? null,
    })),
  };
}

const validate = addFormats.default(new Ajv2020({ allErrors: true })).compile(jsonFeedSchema);

/** Reads a JSON Feed, and expects it to be one. */
export function readJsonFeed(json: string): ReadFeed {
  const feed = JSON.parse(json) as JsonFeed;
  expect(validate(feed), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  return {
    title: feed.title,
    links: {
      self: feed.feed_url,
      ...(feed.next_url === undefined ? {} : { next: feed.next_url }),
    },
    items: feed.items.map((item) => ({
      id: item.id,
      title: item.title,
      url: item.url ?? null,
      content: item.content_html,
      at: item.date_published,
      category: item.tags[0] ?? '',
      author: item.authors[0]?.name ?? '',
    })),
  };
}

interface JsonFeed {
  title: string;
  feed_url: string;
  next_url?: string;
  items: {
    id: string;
    title: string;
    url?: string;
    content_html: string;
    date_published: string;
    tags: string[];
    authors: { name: string }[];
  }[];
}
