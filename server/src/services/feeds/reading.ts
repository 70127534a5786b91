import { createHmac } from 'node:crypto';
import { readCursor, writeCursor } from '../../domain/cursor';
import type { CursorPlace } from '../../domain/cursor';
import type { Shape } from '../../flow/deliver/shape/shape';
import { findAfter, findBefore } from '../../flow/feed/find';
import type { Found } from '../../flow/feed/find';
import type { Indexer } from '../../flow/feed/indexer';
import type { KeptFrom } from '../../flow/feed/kept-from';
import { KnownPages } from '../../flow/feed/known-pages';
import type { LogEnd, Standing } from '../../flow/feed/log-end';
import type { Recent } from '../../flow/feed/recent';
import type { View } from '../../flow/feed/view';
import type { Views } from '../../flow/feed/views';
import type { Clock } from '../../flow/ports';
import type { Database } from '../../store/database';
import type { FeedDirectory, KnownFeed } from './directory';
import { cursorExpired, cursorInvalid, feedUnavailable, noSuchFeed } from './errors';
import type { FeedReader } from './reader';

/** A feed as one reader sees it, for the time of one request; a stream opens it again and again. */
export interface OpenFeed {
  id: string;
  feed: KnownFeed;
  reader: FeedReader;
  view: View;
  shape: Shape;
  cursorKey: Buffer;
  /** The end of the log when it was opened: nothing beyond it is shown. */
  head: number;
  /** Of the configuration that it was opened by. */
  configVersion: number;
  /** Release number that it does not go back to. */
  keptFrom: number;
}

/** How long a condition may be evaluated for one page, in milliseconds. */
const EVALUATING_MS = 500;

/** An answer that has not changed is told to be so for an hour; then its cursor is handed out anew, lest it expire. */
const TAG_HOURS_MS = 3_600_000;

/** Characters of a change token: 132 bits. */
const TOKEN_LENGTH = 22;

interface ReadingParts {
  db: () => Database;
  directory: FeedDirectory;
  /** A reader whose token is still good, as it stands now; throws for any other. */
  readerNow: (reader: FeedReader) => Promise<FeedReader>;
  views: Views;
  indexer: Pick<Indexer, 'catchUp' | 'wake'>;
  recent: Recent;
  end: LogEnd;
  keptFrom: KeptFrom;
  clock: Pick<Clock, 'now'>;
}

/** Finds out what a reader sees of a feed. What it finds is written by {@link FeedWriter}. */
export class FeedReading {
  readonly #parts: ReadingParts;
  readonly #known = new KnownPages();

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /** @throws NotFoundError for a feed that is not there, or not this reader's. */
  async open(reader: FeedReader, slug: string): Promise<OpenFeed> {
    const { directory, views, end, keptFrom } = this.#parts;
    const { head, configVersion } = reader.standing ?? (await end.current());
    const feed = await directory.find(slug, reader, configVersion);
    if (feed === null) throw noSuchFeed();
    if (feed.cursorKey === null) throw feedUnavailable();
    const { rule, shape } = directory.prepare(feed, reader);
    const view = await views.use(rule);
    return {
      ...{ id: feed.id, feed, reader, view, shape, head, configVersion },
      cursorKey: feed.cursorKey,
      keptFrom: await keptFrom.position(feed.settings.max_age_days, head),
    };
  }

  /**
   * The same feed for the same reader, as things stand now: for requests that are held open.
   *
   * @throws as {@link open} does, and where the reader's token is good no more.
   */
  async again(open: OpenFeed): Promise<OpenFeed> {
    const { end } = this.#parts;
    return this.#again(open, await end.current());
  }

  /** As {@link again}, for requests for which nothing has come: by what was read a moment ago, for whomever. */
  async lately(open: OpenFeed): Promise<OpenFeed> {
    const { end, readerNow } = this.#parts;
    if (open.reader.partner === null) await readerNow(open.reader);
    return this.#again(open, await end.lately());
  }

  async #again(open: OpenFeed, { head, configVersion }: Standing): Promise<OpenFeed> {
    const { readerNow, clock } = this.#parts;
    const { expiresAt } = open.reader;
    const expired = expiresAt !== null && expiresAt <= clock.now();
    if (configVersion === open.configVersion && !expired) return { ...open, head };
    return this.open(await readerNow(open.reader), open.feed.slug);
  }

  /**
   * Where a cursor stands; where the feed begins without one.
   *
   * @param field where the cursor was given.
   * @throws ValidationError (code `cursor_invalid`) for none of this feed's; StatusError 410 (`cursor_expired`).
   */
  place(open: OpenFeed, given: { text: string | null; field: string }): CursorPlace {
    if (given.text === null) return { position: open.keptFrom, last: 0 };
    const place = readCursor(given.text, open.cursorKey);
    if (place === null) throw cursorInvalid(given.field);
    // A log that was put back to an older state has lost what the reader has seen, and gives its numbers to other events.
    if (place.position > open.head || place.position < open.keptFrom) throw cursorExpired();
    return place;
  }

  /** The next events after a position, oldest first. */
  async after(
    open: OpenFeed,
    input: { position: number; limit: number; wants: ((type: string) => boolean) | null },
  ): Promise<Found> {
    const { db, recent } = this.#parts;
    const { position, limit, wants } = input;
    const { view, head } = open;
    const key = `${view.id} ${position} ${limit}`;
    const known = wants === null ? this.#known.get(key) : null;
    if (known !== null) return known;
    await this.#evaluate(open);
    if (position >= Math.min(recent.from, head)) await recent.moveTo(head);
    const query = { after: position, upTo: head, limit, wants };
    const found = await findAfter({ db: db(), recent }, view, query);
    const full = found.matches.length === limit && found.hasMore;
    if (wants === null && full && found.reached <= view.indexedUntil) this.#known.keep(key, found);
    return found;
  }

  /**
   * The newest events, newest first.
   *
   * @param input.before a release number: only events before it; null for the newest there are.
   * @returns where `hasMore`, the next page is the one before `reached + 1`.
   */
  async newest(open: OpenFeed, input: { before: number | null; limit: number }): Promise<Found> {
    const { db, recent } = this.#parts;
    await this.#evaluate(open);
    if (input.before === null) await recent.moveTo(open.head);
    return findBefore({ db: db(), recent }, open.view, {
      upTo: input.before === null ? open.head : Math.min(input.before - 1, open.head),
      downTo: open.keptFrom,
      limit: input.limit,
      wants: null,
    });
  }

  cursorOf({ cursorKey }: OpenFeed, place: CursorPlace): string {
    return writeCursor(place, cursorKey);
  }

  /** Names what a reader of these settings has seen, if `last` was the last event. */
  changeToken(open: OpenFeed, last: number): string {
    return this.#hash(open, ['change', last]).slice(0, TOKEN_LENGTH);
  }

  /**
   * An entity tag for what was found, before it is read: weak (RFC 9110 §8.8.1), because two answers with the same events may
   * have other cursors.
   *
   * @param parts whatever else the answer depends on.
   */
  tagOf(open: OpenFeed, found: Pick<Found, 'matches' | 'hasMore'>, parts: unknown[] = []): string {
    const hour = Math.floor(this.#parts.clock.now().getTime() / TAG_HOURS_MS);
    const numbers = found.matches.map(({ releaseNumber }) => releaseNumber);
    return `W/"${this.#hash(open, ['tag', numbers, found.hasMore, hour, parts])}"`;
  }

  /** Under the feed's key: nobody may find out by trying what was hashed, such as how much there is that it does not see. */
  #hash({ feed, view, shape, cursorKey }: OpenFeed, told: unknown[]): string {
    const settings = [feed.updatedAt.getTime(), view.rule.digest, shape.key, shape.items?.key];
    return createHmac('sha256', cursorKey)
      .update(JSON.stringify([settings, told]))
      .digest('base64url');
  }

  async #evaluate({ view, head }: OpenFeed): Promise<void> {
    if (view.rule.condition !== null) await this.#parts.indexer.catchUp(view, head, EVALUATING_MS);
    else if (view.indexedUntil === 0) this.#parts.indexer.wake();
  }
}
