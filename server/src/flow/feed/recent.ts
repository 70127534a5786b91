import type { FeedRule } from '../../domain/feed-rule';
import type { ReleasedBody, ReleasedEvent } from '../../store/released-events';
import { shows } from './view';

/** A released event with its bytes, in memory. */
export type RecentEvent = ReleasedEvent & ReleasedBody;

/** What is kept: events, and bytes of their texts in memory. */
export interface RecentLimits {
  events: number;
  bytes: number;
}

/** Events read in one statement. */
const CHUNK = 200;

/** What one rule shows of the events that are kept. */
interface Shown {
  upTo: number;
  events: RecentEvent[];
}

/**
 * The events released last, in memory: a thousand readers at the end of the log are answered without a query each, because
 * what is released is read once for all of them, and looked at once for all that go by the same rule.
 *
 * What is kept has no gap: everything in `(from, upTo]` that is in the log is here.
 */
export class Recent {
  readonly #read: (range: { after: number; upTo: number; limit: number }) => Promise<RecentEvent[]>;
  readonly #limits: RecentLimits;
  readonly #shown = new WeakMap<FeedRule, Shown>();
  #events: RecentEvent[] = [];
  #bytes = 0;
  /** Null before anybody has asked. */
  #range: { from: number; upTo: number } | null = null;
  #reading: Promise<void> = Promise.resolve();

  constructor(ports: {
    read: (range: { after: number; upTo: number; limit: number }) => Promise<RecentEvent[]>;
    limits: RecentLimits;
  }) {
    this.#read = ports.read;
    this.#limits = ports.limits;
  }

  /** Whether everything after a position is here, as far as `upTo` goes. */
  covers(position: number): boolean {
    return this.#range !== null && position >= this.#range.from && position <= this.#range.upTo;
  }

  /** Everything after this is here. */
  get from(): number {
    return this.#range?.from ?? Number.POSITIVE_INFINITY;
  }

  get upTo(): number {
    return this.#range?.upTo ?? 0;
  }

  /** Reads what was released up to a position, once for all who ask. Begins anew where that would be more than is kept. */
  async moveTo(head: number): Promise<void> {
    if (this.#range !== null && this.#range.upTo >= head) return;
    const reading = this.#reading.then(() => this.#moveTo(head));
    // Who asks next must not fail for what this one has failed for.
    this.#reading = reading.catch(() => undefined);
    await reading;
  }

  /** What a rule shows after a position and up to another one, in order; the position must be covered. */
  shown(rule: FeedRule, after: number, upTo: number): RecentEvent[] {
    const { events } = this.#lookedAt(rule);
    return events.slice(firstAfter(events, after), firstAfter(events, upTo));
  }

  async #moveTo(head: number): Promise<void> {
    if (this.#range === null || head - this.#range.upTo > this.#limits.events) {
      this.#events = [];
      this.#bytes = 0;
      this.#range = { from: head, upTo: head };
      return;
    }
    while (this.#range.upTo < head) {
      const after = this.#range.upTo;
      const read = await this.#read({ after, upTo: head, limit: CHUNK });
      for (const event of read) this.#add(event);
      this.#range.upTo = read.length < CHUNK ? head : (read.at(-1)?.releaseNumber ?? head);
      this.#forget();
    }
  }

  #add(event: RecentEvent): void {
    this.#events.push(event);
    this.#bytes += bytesOf(event);
  }

  #forget(): void {
    let count = 0;
    while (
      this.#events.length - count > this.#limits.events ||
      (this.#bytes > this.#limits.bytes && count < this.#events.length)
    ) {
      const event = this.#events[count] as RecentEvent;
      this.#bytes -= bytesOf(event);
      if (this.#range) this.#range.from = event.releaseNumber;
      count += 1;
    }
    if (count > 0) this.#events.splice(0, count);
  }

  #lookedAt(rule: FeedRule): Shown {
    const { from, upTo } = this.#range ?? { from: 0, upTo: 0 };
    const known = this.#shown.get(rule);
    const shown = known && known.upTo >= from ? known : { upTo: from, events: [] };
    for (const event of this.#events.slice(firstAfter(this.#events, shown.upTo))) {
      if (shows(rule, event)) shown.events.push(event);
    }
    shown.upTo = upTo;
    const gone = firstAfter(shown.events, from);
    if (gone > 0) shown.events.splice(0, gone);
    this.#shown.set(rule, shown);
    return shown;
  }
}

function bytesOf({ event }: RecentEvent): number {
  // JavaScript keeps two bytes of each character that is not Latin-1.
  return event.body.length * 2;
}

/** Index of the first event after a position. */
function firstAfter(events: readonly RecentEvent[], position: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as RecentEvent).releaseNumber <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
