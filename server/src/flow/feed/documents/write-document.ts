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
  return WRITERS[format](document);
}
