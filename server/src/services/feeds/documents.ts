import { createHash } from 'node:crypto';
import { DEFAULT_ENTRIES, feedDocumentQuery } from '../../contracts/feed-document';
import type { Catalogue } from '../../domain/catalogue';
import { entryOf } from '../../flow/feed/documents/entry';
import type { EntryPorts } from '../../flow/feed/documents/entry';
import type { DocumentFormat, FeedEntry } from '../../flow/feed/documents/feed-document';
import { documentLinks } from '../../flow/feed/documents/links';
import { writeDocument } from '../../flow/feed/documents/write-document';
import { failedItem } from '../../domain/feed-item/make-item';
import { parseInput } from '../validation';
import type { FeedNotes } from './notes';
import type { FeedAnswer } from './pages';
import type { FeedReader } from './reader';
import type { FeedReading, OpenFeed } from './reading';
import type { FeedEvent, FeedWriter } from './writer';

export interface DocumentRequest {
  format: DocumentFormat;
  query: unknown;
  /** The token of the address that let the reader in; null where it came in a header. */
  token: string | null;
}

/** Where a page of older events begins, and the newer one next to it. */
interface Around {
  /** Only events before this release number; null for the newest. */
  before: number | null;
  /** Null where there is nothing newer; a page `before` null is the newest. */
  newer: { before: number | null } | null;
}

/** An event, and what it looks like. */
interface Shown {
  event: FeedEvent;
  entry: FeedEntry;
}

/** Characters of the entries of one document; a single entry may be longer. */
const MAX_CHARACTERS = 8 * 1_048_576;

interface DocumentsParts {
  reading: FeedReading;
  writer: FeedWriter;
  notes: FeedNotes;
  catalogue: Catalogue;
  producerId: string;
  /** The absolute address of `/api/newswire`. */
  routes: string;
}

/** Pages of a feed for feed readers, newest first: RSS, Atom and JSON Feed. */
export class FeedDocuments {
  readonly #parts: DocumentsParts;

  constructor(parts: DocumentsParts) {
    this.#parts = parts;
  }

  /**
   * One page.
   *
   * @throws NotFoundError, ValidationError (`invalid_query`, `cursor_invalid`), StatusError 410 (`cursor_expired`).
   */
  async page(reader: FeedReader, slug: string, request: DocumentRequest): Promise<FeedAnswer> {
    const query = parseInput(feedDocumentQuery, request.query, 'invalid_query');
    const limit = query.limit ?? DEFAULT_ENTRIES;
    const { reading, writer, notes } = this.#parts;
    const open = await reading.open(reader, slug);
    const around = await this.#around(open, { cursor: query.before ?? null, limit });
    const found = await reading.newest(open, { before: around.before, limit });
    const note = () => {
      if (around.before === null) notes.read(open, { position: open.head, sequenceNumber: null });
    };
    const links = { ...request, before: query.before ?? null, limit: query.limit ?? null };
    return {
      tag: reading.tagOf(open, found, [...tellApart(links), around.newer]),
      unchanged: note,
      write: async () => {
        const { events, cut } = await writer.write(open, found.matches);
        const shown = this.#shown(open, events);
        const last = shown.at(-1)?.event.releaseNumber;
        const isCut = cut || shown.length < events.length;
        const older = isCut && last !== undefined ? last : found.hasMore ? found.reached + 1 : null;
        note();
        return {
          text: this.#write(open, { ...links, shown, older, newer: around.newer }),
          lastModified: events[0]?.releasedAt ?? null,
          failed: events.some(({ failure }) => failure !== null),
        };
      },
    };
  }

  async #around(
    open: OpenFeed,
    { cursor, limit }: { cursor: string | null; limit: number },
  ): Promise<Around> {
    if (cursor === null) return { before: null, newer: null };
    const { reading } = this.#parts;
    const { position } = reading.place(open, { text: cursor, field: 'before' });
    const input = { position: position - 1, limit, wants: null };
    const { matches, hasMore } = await reading.after(open, input);
    const last = matches.at(-1)?.releaseNumber;
    if (last === undefined) return { before: position, newer: null };
    return { before: position, newer: { before: hasMore ? last + 1 : null } };
  }

  #write(
    open: OpenFeed,
    page: {
      format: DocumentFormat;
      before: string | null;
      limit: number | null;
      token: string | null;
      shown: readonly Shown[];
      older: number | null;
      newer: Around['newer'];
    },
  ): string {
    const { producerId, routes } = this.#parts;
    const { feed } = open;
    const { title, description } = feed.settings;
    const cursorOf = (before: number | null) =>
      before === null ? null : this.#parts.reading.cursorOf(open, { position: before, last: 0 });
    const { format, before, limit, token, shown, older, newer } = page;
    return writeDocument(format, {
      id: `urn:uuid:${feed.id}`,
      ...{ title, description },
      updatedAt: shown[0]?.entry.releasedAt ?? feed.updatedAt,
      author: producerId,
      links: documentLinks({
        ...{ routes, slug: feed.slug, format, before, limit, token },
        older: cursorOf(older),
        newer: newer && { cursor: cursorOf(newer.before) },
      }),
      entries: shown.map(({ entry }) => entry),
    });
  }

  /** As many of them as one document has room for; the next page begins behind them. */
  #shown(open: OpenFeed, events: readonly FeedEvent[]): Shown[] {
    const shown: Shown[] = [];
    let characters = 0;
    for (const event of events) {
      const entry = this.#entry(open, event);
      characters += entry.html.length + event.text.length;
      if (shown.length > 0 && characters > MAX_CHARACTERS) break;
      shown.push({ event, entry });
    }
    return shown;
  }

  #entry({ feed }: OpenFeed, { event, releasedAt, text, failure }: FeedEvent): FeedEntry {
    const { eventId, eventType } = event;
    const { catalogue, producerId } = this.#parts;
    const ports: EntryPorts = {
      transformed: feed.settings.transform !== null,
      producerId,
      converterOf: (type) => catalogue.definition(type)?.feedItem,
    };
    const shown = { eventId, eventType, releasedAt, text };
    const entry = entryOf(shown, failure ? { ...ports, transformed: true } : ports);
    return failure ? { ...entry, ...failedItem(eventType, failure.message) } : entry;
  }
}

/** What a document depends on beside its events: the token, hashed, is in its links. */
function tellApart(links: {
  format: DocumentFormat;
  before: string | null;
  limit: number | null;
  token: string | null;
}): unknown[] {
  const { format, before, limit, token } = links;
  const hash = token === null ? null : createHash('sha256').update(token).digest('base64');
  return [format, before, limit, hash];
}
