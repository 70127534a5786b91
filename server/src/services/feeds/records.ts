import { feedRecordQuery, feedRecordsQuery } from '../../contracts/feed-page';
import type { FeedRecordAnswer } from '../../contracts/feed-page';
import type { EventBody } from '../../domain/event';
import { recordState } from '../../domain/record-state';
import type { Indexer } from '../../flow/feed/indexer';
import type { Database } from '../../store/database';
import { readNewestItem } from '../../store/feed-items';
import { findFeedRecords, readFeedRecords } from '../../store/feed-records';
import type { FeedRecord } from '../../store/feed-records';
import { parseInput } from '../validation';
import { catchingUp, noSuchRecord } from './errors';
import type { FeedAnswer } from './pages';
import type { FeedReader } from './reader';
import type { FeedReading, OpenFeed } from './reading';
import type { FeedEvent, FeedWriter } from './writer';

/** How long a request may work on the index before it asks the reader to come again, and when. */
const CATCHING_UP_MS = 2_000;
const AGAIN_SECONDS = 2;

/** Records of one subject that are looked at: its locales. */
const MAX_LOCALES = 200;

/** Subjects as their newest events have them: for the reconciliation of who reads the feed. */
export class FeedRecords {
  readonly #parts: {
    db: () => Database;
    reading: FeedReading;
    writer: FeedWriter;
    indexer: Pick<Indexer, 'catchUp'>;
  };

  constructor(parts: {
    db: () => Database;
    reading: FeedReading;
    writer: FeedWriter;
    indexer: Pick<Indexer, 'catchUp'>;
  }) {
    this.#parts = parts;
  }

  /** @throws NotFoundError, ValidationError; StatusError 503 (`feed_catching_up`). */
  async list(reader: FeedReader, slug: string, query: unknown): Promise<FeedAnswer> {
    const { limit, after = '' } = parseInput(feedRecordsQuery, query, 'invalid_query');
    const open = await this.#open(reader, slug);
    const { db, reading } = this.#parts;
    const viewId = open.view.id;
    const newest = await readNewestItem(db(), viewId);
    const read = await readFeedRecords(db(), { viewId, after, limit: limit + 1 });
    const records = read.slice(0, limit);
    const hasMore = read.length > limit;
    const matches = records.map(toMatch);
    return {
      tag: reading.tagOf(open, { matches, hasMore }, ['records', newest]),
      unchanged: () => undefined,
      write: async () => {
        const { events, cut } = await this.#parts.writer.write(open, matches);
        const last = cut ? keyOf(records, events.at(-1)) : records.at(-1)?.subjectKey;
        const more = cut || hasMore;
        const meta = {
          after: more ? (last ?? null) : null,
          has_more: more,
          change_token: reading.changeToken(open, newest),
        };
        const data = events.map((event) => toAnswer(event, open));
        return { text: JSON.stringify({ data, meta }), ...toldOf(events) };
      },
    };
  }

  /**
   * One subject. Without a locale: the record that has none, else the one that changed last.
   *
   * @throws NotFoundError alike for a subject that is not there and for one that this reader does not see.
   */
  async find(
    reader: FeedReader,
    slug: string,
    { subjectId, query }: { subjectId: string; query: unknown },
  ): Promise<FeedAnswer> {
    const { locale } = parseInput(feedRecordQuery, query, 'invalid_query');
    const open = await this.#open(reader, slug);
    const { db, reading, writer } = this.#parts;
    // PostgreSQL takes no NUL in a text.
    if (subjectId.includes('\0')) throw noSuchRecord();
    const records = await findFeedRecords(db(), {
      ...{ viewId: open.view.id, subjectId, limit: MAX_LOCALES },
    });
    const { events } = await writer.write(open, records.map(toMatch));
    // MySQL does not tell letters of both cases apart.
    const own = events.filter(({ event }) => event.subjectId === subjectId);
    const wanted =
      locale === undefined
        ? (own.find((event) => subjectOf(event).locale === null) ?? own[0])
        : own.find((event) => subjectOf(event).locale === locale);
    if (!wanted) throw noSuchRecord();
    const match = { releaseNumber: wanted.releaseNumber, ref: wanted.event.id, whole: null };
    return {
      tag: reading.tagOf(open, { matches: [match], hasMore: false }, ['record']),
      unchanged: () => undefined,
      write: () =>
        Promise.resolve({
          text: JSON.stringify({ data: toAnswer(wanted, open) }),
          ...toldOf([wanted]),
        }),
    };
  }

  async #open(reader: FeedReader, slug: string): Promise<OpenFeed> {
    const open = await this.#parts.reading.open(reader, slug);
    const { view, head } = open;
    if (await this.#parts.indexer.catchUp(view, head, CATCHING_UP_MS)) return open;
    throw catchingUp(AGAIN_SECONDS);
  }
}

function toMatch({ releaseNumber, eventRef }: FeedRecord) {
  return { releaseNumber, ref: eventRef, whole: null };
}

function keyOf(records: readonly FeedRecord[], event: FeedEvent | undefined): string | undefined {
  return records.find(({ releaseNumber }) => releaseNumber === event?.releaseNumber)?.subjectKey;
}

function toldOf(events: readonly FeedEvent[]): { lastModified: Date | null; failed: boolean } {
  const times = events.map(({ releasedAt }) => releasedAt.getTime());
  return {
    lastModified: times.length === 0 ? null : new Date(Math.max(...times)),
    failed: events.some(({ failure }) => failure !== null),
  };
}

/** What names the subject is never left out, whatever the feed's shape leaves out. */
function toAnswer(written: FeedEvent, { feed }: OpenFeed): FeedRecordAnswer {
  const { event, text, failure } = written;
  const { id, type, locale, change_token } = subjectOf(written);
  return {
    ...{ id, type, locale, change_token },
    event_id: event.eventId,
    event_type: event.eventType,
    sequence_number: event.sequenceNumber,
    updated_at: event.occurredAt.toISOString(),
    state: recordState(event.eventType),
    snapshot: failure ? null : snapshotOf(text, feed.settings.transform !== null),
    ...(failure ? { error: failure } : {}),
  };
}

/** The payload; what a transform has made of the event has none. */
function snapshotOf(text: string, transformed: boolean): unknown {
  const value: unknown = JSON.parse(text);
  return transformed ? value : ((value as Partial<EventBody>).payload ?? null);
}

function subjectOf({ event }: FeedEvent): EventBody['subject'] {
  return (JSON.parse(event.body) as EventBody).subject;
}
