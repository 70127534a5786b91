import { feedEventsQuery } from '../../contracts/feed-page';
import type { FeedPageMeta } from '../../contracts/feed-page';
import type { CursorPlace } from '../../domain/cursor';
import { matchesAnyType } from '../../domain/matching';
import { Memo } from '../../flow/deliver/shape/memo';
import type { Found } from '../../flow/feed/find';
import type { Head } from '../../flow/feed/head';
import { parseInput } from '../validation';
import type { HeldOpen, OnClose } from './held-open';
import type { FeedNotes } from './notes';
import type { FeedReader } from './reader';
import type { FeedReading, OpenFeed } from './reading';
import { waitFor } from './wait-for';
import type { FeedWriter } from './writer';

/** What an answer of a feed can be compared by before it is made, and how it is made. */
export interface FeedAnswer {
  tag: string;
  /** Called unless the reader has it already. What has `failed` must not be kept: it may be otherwise the next time. */
  write: () => Promise<{ text: string; lastModified: Date | null; failed: boolean }>;
  /** Called when the reader has it already. */
  unchanged: () => void;
}

/** A page as it is sent. */
interface WrittenPage {
  text: string;
  lastModified: Date | null;
  failed: boolean;
  position: number;
  sequenceNumber: number | null;
}

/** Pages that are kept as they were sent: readers ask for the same ones again and again. */
const TEXTS = { entries: 1_000, bytes: 32 * 1_048_576, ageMs: 600_000 };

/** How long a condition that is not evaluated yet is waited for, before it is looked at again. */
const CONDITION_MS = 500;

interface PagesParts {
  reading: FeedReading;
  writer: FeedWriter;
  notes: FeedNotes;
  head: Pick<Head, 'next'>;
  held: HeldOpen;
}

/** Pages of events, with long poll. */
export class FeedPages {
  readonly #parts: PagesParts;

  readonly #texts = new Memo<WrittenPage>({
    ...TEXTS,
    now: () => performance.now(),
    sizeOf: ({ text, failed }) => (failed ? null : text.length),
  });

  constructor(parts: PagesParts) {
    this.#parts = parts;
  }

  /**
   * One page, oldest first; with `wait`, when there is something or the time is up.
   *
   * @throws NotFoundError, ValidationError (`invalid_query`, `cursor_invalid`), StatusError 410 (`cursor_expired`).
   */
  async page(
    reader: FeedReader,
    slug: string,
    request: { query: unknown; onClose: OnClose },
  ): Promise<FeedAnswer> {
    const { since, limit, types, wait } = parseInput(
      feedEventsQuery,
      request.query,
      'invalid_query',
    );
    const { reading } = this.#parts;
    const open = await reading.open(reader, slug);
    const place = reading.place(open, { text: since ?? null, field: 'since' });
    const wants = types ? matchesAnyType(types) : null;
    const input = { position: place.position, limit, wants };
    const first = await reading.after(open, input);
    if (first.matches.length > 0 || wait === 0) return this.#answer(open, place, first);
    const { tokenId } = reader;
    const { onClose } = request;
    const signal = this.#parts.held.hold({ tokenId, ms: wait * 1_000, onClose });
    const waited = await this.#wait(open, { ...input, first, signal });
    return this.#answer(waited.open, place, waited.found);
  }

  async #wait(
    opened: OpenFeed,
    input: {
      limit: number;
      wants: ((type: string) => boolean) | null;
      first: Found;
      signal: AbortSignal;
    },
  ): Promise<{ open: OpenFeed; found: Found }> {
    const { limit, wants, signal } = input;
    const { reading } = this.#parts;
    let [open, found] = [opened, input.first];
    while (found.matches.length === 0) {
      await this.#next(open, found, signal);
      if (signal.aborted) break;
      open = await reading.again(open);
      found = await reading.after(open, { position: found.reached, limit, wants });
    }
    return { open, found };
  }

  /** Until there may be something after what was looked at. */
  async #next(open: OpenFeed, found: Found, signal: AbortSignal): Promise<void> {
    if (!found.hasMore) return this.#parts.head.next(open.head, signal);
    if (open.view.rule.condition !== null) await waitFor(CONDITION_MS, signal);
  }

  #answer(open: OpenFeed, place: CursorPlace, found: Found): FeedAnswer {
    const { reading, notes } = this.#parts;
    const lastFound = found.matches.at(-1)?.releaseNumber ?? place.last;
    const tag = reading.tagOf(open, found, [lastFound]);
    return {
      tag,
      unchanged: () => notes.read(open, { position: place.position, sequenceNumber: null }),
      write: async () => {
        const kept = `${open.configVersion} ${tag} ${found.reached}`;
        const page = await this.#texts.get(kept, () => this.#write(open, found, lastFound));
        const { position, sequenceNumber } = page;
        notes.read(open, { position, sequenceNumber });
        return page;
      },
    };
  }

  async #write(open: OpenFeed, found: Found, lastFound: number): Promise<WrittenPage> {
    const { reading, writer } = this.#parts;
    const { events, cut } = await writer.write(open, found.matches);
    const newest = events.at(-1);
    const last = cut && newest ? newest.releaseNumber : lastFound;
    const position = cut ? last : found.reached;
    const meta: FeedPageMeta = {
      cursor: reading.cursorOf(open, { position, last }),
      has_more: cut || found.hasMore,
      change_token: reading.changeToken(open, last),
    };
    const data = events.map(({ text }) => text).join(',');
    return {
      text: `{"data":[${data}],"meta":${JSON.stringify(meta)}}`,
      lastModified: newest?.releasedAt ?? null,
      // A page that was cut for the time it took may be longer the next time.
      failed: cut || events.some(({ failure }) => failure !== null),
      position,
      sequenceNumber: newest?.event.sequenceNumber ?? null,
    };
  }
}
