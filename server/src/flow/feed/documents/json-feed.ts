import { generateJsonFeed } from 'feedsmith';
import type { JsonFeed } from 'feedsmith';
import type { FeedDocument, FeedEntry } from './feed-document';

/** JSON Feed 1.1. Each item has the event too, in an extension: `_newswire`. */
export function jsonFeedDocument({
  title,
  description,
  author,
  links,
  entries,
}: FeedDocument): string {
  const feed: JsonFeed.Feed<Date, true> = {
    title: title,
    home_page_url: links.home,
    feed_url: links.self,
    authors: [{ name: author }],
    items: entries.map(item),
    ...(description === '' ? {} : { description: description }),
    ...(links.next === null ? {} : { next_url: links.next }),
  };
  const generated = generateJsonFeed(feed, { strict: true }) as object;
  // Required, and left out by the library where there are none.
  return JSON.stringify(entries.length === 0 ? { ...generated, items: [] } : generated);
}

function item(one: FeedEntry): JsonFeed.Item<Date, true> {
  const known = {
    id: one.id,
    title: one.title,
    content_html: one.html,
    date_published: one.releasedAt,
    date_modified: one.releasedAt,
    authors: [{ name: one.author }],
    tags: [one.eventType],
    ...(one.summary === null ? {} : { summary: one.summary }),
    ...(one.url === null ? {} : { url: one.url }),
  };
  // An extension (JSON Feed 1.1, "Extensions"): names that begin with an underscore.
  return Object.assign(known, { _newswire: { event_type: one.eventType, event: one.event } });
}
