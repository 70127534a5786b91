import { readableFeedsQuery } from '../../contracts/feed-page';
import type { ReadableFeed } from '../../contracts/feed-page';
import type { LogEnd } from '../../flow/feed/log-end';
import { parseInput } from '../validation';
import type { FeedDirectory, KnownFeed } from './directory';
import type { FeedReader } from './reader';

const FORMATS = ['events', 'stream', 'records', 'rss', 'atom', 'json'] as const;

/** The feeds that a token may read, and where. */
export class ReadableFeeds {
  readonly #parts: { directory: FeedDirectory; end: LogEnd; routes: string };

  /** @param parts.routes the absolute address of `/api/newswire`. */
  constructor(parts: { directory: FeedDirectory; end: LogEnd; routes: string }) {
    this.#parts = parts;
  }

  async list(reader: FeedReader, query: unknown): Promise<ReadableFeed[]> {
    parseInput(readableFeedsQuery, query, 'invalid_query');
    const { directory, end, routes } = this.#parts;
    const { configVersion } = await end.current();
    const feeds = await directory.readable(reader, configVersion);
    return feeds.map((feed) => toReadable(feed, routes));
  }
}

function toReadable({ id, slug, settings }: KnownFeed, routes: string): ReadableFeed {
  const { title, description, max_age_days } = settings;
  const links = FORMATS.map((format) => [format, `${routes}/feeds/${slug}/${format}`]);
  return {
    ...{ id, slug, title, description, max_age_days },
    links: Object.fromEntries(links) as ReadableFeed['links'],
  };
}
