import { generateRssFeed } from 'feedsmith';
import type { RssFeed } from 'feedsmith';
import { paragraph } from '../../../domain/feed-item/html';
import { mediaTypeOf } from './feed-document';
import type { DocumentLinks, FeedDocument, FeedEntry } from './feed-document';
import { tidyXml } from './tidy-xml';

/** RSS 2.0 (as the RSS Advisory Board has it), with the links of RFC 5005 as Atom elements. */
export function rssDocument({
  title,
  description,
  updatedAt,
  links,
  entries,
}: FeedDocument): string {
  const feed: RssFeed.Feed<Date, true> = {
    title: title,
    link: links.home,
    // Required; a feed need not have one.
    description: description === '' ? title : description,
    lastBuildDate: updatedAt,
    generator: 'Newswire',
    atom: { links: linksOf(links) },
    items: entries.map(item),
  };
  return tidyXml(generateRssFeed(feed, { strict: true }));
}

function linksOf(links: DocumentLinks) {
  const type = mediaTypeOf('rss');
  return [
    { rel: 'self', href: links.self, type },
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

function item(one: FeedEntry): RssFeed.Item<Date, true> {
  return {
    title: one.title,
    guid: { value: one.id, isPermaLink: false },
    pubDate: one.releasedAt,
    categories: [{ name: one.eventType }],
    dc: { creators: [one.author] },
    description: one.summary === null ? one.html : paragraph(one.summary),
    ...(one.summary === null ? {} : { content: { encoded: one.html } }),
    ...(one.url === null ? {} : { link: one.url }),
  };
}
