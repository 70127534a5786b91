import { Readable } from 'node:stream';
import { errors } from '@strapi/utils';
import { feedStreamQuery } from '../../contracts/feed-page';
import type { CursorPlace } from '../../domain/cursor';
import { matchesAnyType } from '../../domain/matching';
import { eventFrame, HEARTBEAT, idFrame, retryFrame } from '../../domain/server-sent-event';
import type { Head } from '../../flow/feed/head';
import type { Log } from '../../flow/ports';
import { parseInput } from '../validation';
import type { HeldOpen, OnClose } from './held-open';
import type { FeedNotes } from './notes';
import type { FeedReader } from './reader';
import type { FeedReading, OpenFeed } from './reading';
import { waitFor } from './wait-for';
import type { FeedWriter } from './writer';

/** Events found at once for one stream. */
const PAGE = 100;

/** A connection on which nothing is said for so long is taken for dead by proxies; the token is looked at as often. */
const HEARTBEAT_MS = 15_000;

/** How long a reader waits before it comes back, in milliseconds. */
const RETRY_MS = 2_000;

/** How long a condition that is not evaluated yet is waited for, before it is looked at again. */
const CONDITION_MS = 500;

/** Bytes that may wait for a reader that is slow; no further event is read before it has taken them. */
const BUFFERED = 65_536;

interface Streamed {
  open: OpenFeed;
  place: CursorPlace;
  wants: ((type: string) => boolean) | null;
  signal: AbortSignal;
}

interface StreamParts {
  reading: FeedReading;
  writer: FeedWriter;
  notes: FeedNotes;
  head: Pick<Head, 'next'>;
  held: HeldOpen;
  heartbeatMs?: number;
  log: Log;
}

/** Events as they are released: server-sent events (WHATWG HTML §9.2). */
export class FeedStreams {
  readonly #parts: StreamParts;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  /**
   * @param request.lastEventId goes before `since`: a reader that comes back keeps the address that it began with.
   * @returns a stream that reads on only as fast as it is read, and ends when the process stops, the reader has gone, or it may
   *   not read on.
   * @throws as {@link FeedPages.page} does, before anything was sent.
   */
  async stream(
    reader: FeedReader,
    slug: string,
    request: { query: unknown; lastEventId: string; onClose: OnClose },
  ): Promise<Readable> {
    const { since, types } = parseInput(feedStreamQuery, request.query, 'invalid_query');
    const { reading, held } = this.#parts;
    const open = await reading.open(reader, slug);
    const place = reading.place(
      open,
      request.lastEventId === ''
        ? { text: since ?? null, field: 'since' }
        : { text: request.lastEventId, field: 'Last-Event-ID' },
    );
    const signal = held.hold({ tokenId: reader.tokenId, ms: null, onClose: request.onClose });
    const wants = types ? matchesAnyType(types) : null;
    const frames = this.#frames({ open, place, wants, signal });
    return Readable.from(frames, { objectMode: false, highWaterMark: BUFFERED });
  }

  async *#frames(streamed: Streamed): AsyncGenerator<string> {
    try {
      yield retryFrame(RETRY_MS);
      yield* this.#events(streamed);
    } catch (error) {
      // The reader comes back, and is told what has become of the feed or its token.
      if (!(error instanceof errors.ApplicationError)) {
        this.#parts.log.error('A stream of a feed has failed; its reader comes back', { error });
      }
    }
  }

  async *#events({ open: opened, place, wants, signal }: Streamed): AsyncGenerator<string> {
    const { reading, writer, notes } = this.#parts;
    let open = opened;
    let { position, last } = place;
    let told = position;
    while (!signal.aborted) {
      const found = await reading.after(open, { position, limit: PAGE, wants });
      const { events, cut } = await writer.write(open, found.matches);
      for (const { releaseNumber, event, text } of events) {
        last = releaseNumber;
        told = releaseNumber;
        const id = reading.cursorOf(open, { position: last, last });
        yield eventFrame({ id, type: event.eventType, data: text });
        if (signal.aborted) return;
      }
      position = cut ? last : found.reached;
      const sequenceNumber = events.at(-1)?.event.sequenceNumber ?? null;
      if (events.length > 0) notes.read(open, { position, sequenceNumber });
      if (!cut && !found.hasMore) {
        const beat = await this.#wait(open, signal);
        if (signal.aborted) return;
        if (beat) {
          // A reader of a feed in which nothing happens comes back with a cursor that has not expired.
          const id = reading.cursorOf(open, { position, last });
          yield position > told ? idFrame(id) : HEARTBEAT;
          told = position;
          notes.read(open, { position, sequenceNumber: null });
          open = await reading.lately(open);
          continue;
        }
      } else if (events.length === 0 && open.view.rule.condition !== null) {
        await waitFor(CONDITION_MS, signal);
      }
      open = await reading.again(open);
    }
  }

  /** @returns whether the time for a heartbeat has come before something was released. */
  async #wait(open: OpenFeed, signal: AbortSignal): Promise<boolean> {
    const { head, heartbeatMs = HEARTBEAT_MS } = this.#parts;
    const either = new AbortController();
    const abort = () => either.abort();
    const timer = setTimeout(abort, heartbeatMs);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await head.next(open.head, either.signal);
      return either.signal.aborted;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }
}
