import { generateAtomFeed } from 'feedsmith';
import type { AtomFeed } from 'feedsmith';
import { mediaTypeOf } from './feed-document';
import type { FeedDocument, FeedEntry } from './feed-document';
import { tidyXml } from './tidy-xml';

/** Atom 1.0 (RFC 4287), paged as RFC 5005 §3 says. */
export function atomDocument(document: FeedDocument): string {
  const { id, title, description, updatedAt, author, entries } = document;
  const feed: AtomFeed.Feed<Date, true> = {
    id,
    title: text(title),
    updated: updatedAt,
    authors: [{ name: author }],
    generator: { text: 'Newswire' },
    links: linksOf(document),
    entries: entries.map(entry),
    ...(description === '' ? {} : { subtitle: text(description) }),
  };
  return tidyXml(generateAtomFeed(feed, { strict: true }));
}

function linksOf({ links }: FeedDocument): AtomFeed.Link<Date, true>[] {
  const type = mediaTypeOf('atom');
  return [
    { rel: 'self', href: links.self, type },
    { rel: 'alternate', href: links.home, type: 'text/html' },
    ...links.alternates.map(({ format, href }) => ({
      rel: 'alternate',
      href,
      type: mediaTypeOf(format),
    })),
    { rel: 'first', href: links.first, type },
    ...(links.previous === null ? [] : [{ rel: 'previous', href: links.previous, type }]),
    ...(links.next === null ? [] : [{ rel: 'next', href: links.next, type }]),
  ];
}

function entry(one: FeedEntry): AtomFeed.Entry<Date, true> {
  return {
    id: one.id,
    title: text(one.title),
    // An event never changes: it is as it was when it was released.
    published: one.releasedAt,
    updated: one.releasedAt,
    authors: [{ name: one.author }],
    categories: [{ term: one.eventType }],
    content: { type: 'html', value: one.html },
    ...(one.summary === null ? {} : { summary: text(one.summary) }),
    ...(one.url === null ? {} : { links: [{ rel: 'alternate', href: one.url }] }),
  };
}

function text(value: string): AtomFeed.Text {
  return { type: 'text', value: value };
}
