import { plain } from '../../../domain/feed-item/item';
import { xmlText } from '../../../domain/xml-text';
import { atomDocument } from './atom';
import type { DocumentFormat, FeedDocument } from './feed-document';
import { jsonFeedDocument } from './json-feed';
import { rssDocument } from './rss';

const WRITERS: Record<DocumentFormat, (document: FeedDocument) => string> = {
  rss: rssDocument,
  atom: atomDocument,
  json: jsonFeedDocument,
};

/** Writes a page in a format of feed readers. Equal pages make equal texts: no clock is asked. */
export function writeDocument(format: DocumentFormat, document: FeedDocument): string {
  return WRITERS[format](cleaned(document));
}

/** With texts that XML can hold, in places that must not be empty with one that is not. What is in an item is clean. */
function cleaned(document: FeedDocument): FeedDocument {
  const author = plain(document.author) || 'Newswire';
  return {
    ...document,
    author,
    title: plain(document.title) || 'Feed',
    description: xmlText(document.description).trim(),
    entries: document.entries.map((entry) => ({
      ...entry,
      author: plain(entry.author) || author,
      eventType: plain(entry.eventType),
    })),
  };
}
