import { TRANSFORM_UNFINISHED } from '../../domain/outcome';
import type { Shaper } from '../../flow/deliver/shape/shaper';
import type { Shape } from '../../flow/deliver/shape/shape';
import type { Match } from '../../flow/feed/find';
import type { UnwrittenEvent } from '../../contracts/feed-page';
import type { Database } from '../../store/database';
import type { SequencedEvent } from '../../store/read-event-bodies';
import { readReleasedBodies } from '../../store/released-events';
import type { ReleasedBody } from '../../store/released-events';

/** An event as a reader gets it. */
export interface FeedEvent extends ReleasedBody {
  /** JSON text: what the reader may have of the event, in the feed's shape; or what stands in its place. */
  text: string;
  /** Null where it is the event. */
  failure: UnwrittenEvent['error'] | null;
}

/** Events of one page. */
export interface Written {
  events: FeedEvent[];
  /** True where they are not all, because they got too large or took too long: the page ends there. */
  cut: boolean;
}

/** Bodies read in one statement; characters of a page, and time to write one, at most. */
const BODIES = 100;
const MAX_CHARACTERS = 16 * 1_048_576;
const MAX_MS = 5_000;

/** Tries to write an event of which the transform did not come to its end. */
const TRIES = 3;

/** Brings found events into a feed's shape. */
export class FeedWriter {
  readonly #ports: {
    db: () => Database;
    shaper: Pick<Shaper, 'write'>;
    /** An event could not be written. */
    problem: (feedId: string, message: string) => void;
  };

  constructor(ports: {
    db: () => Database;
    shaper: Pick<Shaper, 'write'>;
    problem: (feedId: string, message: string) => void;
  }) {
    this.#ports = ports;
  }

  /** Events whose rows are gone since they were found are left out. */
  async write(feed: { id: string; shape: Shape }, matches: readonly Match[]): Promise<Written> {
    const until = performance.now() + MAX_MS;
    const events: FeedEvent[] = [];
    let characters = 0;
    for (let start = 0; start < matches.length; start += BODIES) {
      for (const whole of await this.#read(matches.slice(start, start + BODIES))) {
        if (events.length > 0 && (characters > MAX_CHARACTERS || performance.now() > until)) {
          return { events, cut: true };
        }
        const written = await this.#write(feed, whole);
        characters += written.text.length;
        events.push(written);
      }
    }
    return { events, cut: false };
  }

  async #read(matches: readonly Match[]): Promise<ReleasedBody[]> {
    const missing = matches.filter(({ whole }) => whole === null).map(({ ref }) => ref);
    const bodies = await readReleasedBodies(this.#ports.db(), missing);
    return matches.flatMap(({ whole, ref }) => whole ?? bodies.get(ref) ?? []);
  }

  async #write(feed: { id: string; shape: Shape }, whole: ReleasedBody): Promise<FeedEvent> {
    const { releaseNumber, releasedAt, event } = whole;
    const { shaper } = this.#ports;
    let written = await shaper.write(event, feed.shape);
    for (let tries = 1; tries < TRIES && isUnfinished(written); tries += 1) {
      written = await shaper.write(event, feed.shape);
    }
    if (written.kind === 'written') {
      return { releaseNumber, releasedAt, event, text: written.text, failure: null };
    }
    this.#ports.problem(feed.id, `Event ${event.eventId}: ${written.reason}`);
    const error = { code: written.errorCode, message: NOT_WRITTEN };
    const text = JSON.stringify(inPlaceOf(event, error));
    return { releaseNumber, releasedAt, event, text, failure: error };
  }
}

/** Why is for who keeps the feed, not for its readers: an expression's error may tell what it was written about. */
const NOT_WRITTEN =
  "The event could not be brought into this feed's shape; who keeps the feed has been told";

function isUnfinished(written: Awaited<ReturnType<Shaper['write']>>): boolean {
  return written.kind === 'transient' && written.errorCode === TRANSFORM_UNFINISHED;
}

function inPlaceOf(event: SequencedEvent, error: UnwrittenEvent['error']): UnwrittenEvent {
  return {
    event_id: event.eventId,
    event_type: event.eventType,
    sequence_number: event.sequenceNumber,
    error,
  };
}
