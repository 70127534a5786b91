import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../database/factory/random';
import type { OpenFeed } from '../support/partner-feed';

/** How long a stream is read before it is left, at most. */
const LONGEST_STREAM_MS = 700;

/** A reader gives up on a page that does not come. */
const PATIENCE_MS = 20_000;

interface Reader {
  feed: OpenFeed;
  /** The process that the next request goes to. */
  url: () => string;
  /** False once everything that will ever be there is there. */
  working: () => boolean;
  random: Random;
}

/** What a reader has seen, in its order, and when it first saw each. */
export interface Reading {
  name: string;
  events: string[];
  seenAt: Map<string, number>;
  requests: number;
  failures: number;
}

/** Reads page after page, from whichever process, until nothing more will come. */
export async function pollOn(reader: Reader & { wait: number }): Promise<Reading> {
  const { feed, wait } = reader;
  const reading = begin(wait > 0 ? `polls that wait ${wait} s` : 'polls');
  let cursor: string | null = null;
  for (;;) {
    const last = !reader.working();
    reading.requests += 1;
    const query = new URLSearchParams({ limit: String(1 + reader.random.below(30)) });
    if (cursor !== null) query.set('since', cursor);
    if (wait > 0 && !last) query.set('wait', String(wait));
    try {
      const page = await get<Page>(
        reader,
        `/api/newswire/feeds/${feed.slug}/events?${query.toString()}`,
      );
      for (const { event_id } of page.data) see(reading, event_id);
      ({ cursor } = page.meta);
      if (last && !page.meta.has_more) return reading;
    } catch (error) {
      await afterFailure(reading, error);
    }
    if (wait === 0) await sleep(reader.random.below(20));
  }
}

interface Page {
  data: { event_id: string }[];
  meta: { cursor: string; has_more: boolean };
}

/** Reads a stream, leaves it after a while, and comes back with the last id, until nothing more will come. */
export async function streamOn(reader: Reader): Promise<Reading> {
  const reading = begin('streams');
  let lastId: string | null = null;
  for (;;) {
    const last = !reader.working();
    const before = reading.events.length;
    reading.requests += 1;
    try {
      for await (const { id, data } of stream(reader, lastId)) {
        see(reading, (JSON.parse(data) as { event_id: string }).event_id);
        lastId = id;
      }
    } catch (error) {
      await afterFailure(reading, error);
      continue;
    }
    if (last && reading.events.length === before) return reading;
  }
}

async function* stream(reader: Reader, lastId: string | null) {
  const leave = AbortSignal.timeout(200 + reader.random.below(LONGEST_STREAM_MS));
  const { feed } = reader;
  const response = await fetch(`${reader.url()}/api/newswire/feeds/${feed.slug}/stream`, {
    headers: {
      authorization: `Bearer ${feed.token}`,
      ...(lastId === null ? {} : { 'last-event-id': lastId }),
    },
    signal: AbortSignal.any([leave, AbortSignal.timeout(PATIENCE_MS)]),
  }).catch((error: unknown) => {
    if (leave.aborted) return null;
    throw error;
  });
  if (response === null) return;
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  let text = '';
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const field = (name: string) =>
          frame
            .split('\n')
            .find((line) => line.startsWith(`${name}:`))
            ?.slice(name.length + 1)
            .trim();
        const [id, data] = [field('id'), field('data')];
        if (id !== undefined && data !== undefined) yield { id, data };
      }
    }
  } catch (error) {
    if (!leave.aborted) throw error;
  }
}

async function get<Body>({ feed, url }: Reader, path: string): Promise<Body> {
  const response = await fetch(`${url()}${path}`, {
    headers: { authorization: `Bearer ${feed.token}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status !== 200)
    throw new Error(`status ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

function begin(name: string): Reading {
  return { name, events: [], seenAt: new Map(), requests: 0, failures: 0 };
}

function see(reading: Reading, eventId: string): void {
  reading.events.push(eventId);
  if (!reading.seenAt.has(eventId)) reading.seenAt.set(eventId, Date.now());
}

/** A process that was killed answers nothing; anything else ends the test. */
async function afterFailure(reading: Reading, error: unknown): Promise<void> {
  if (!(error instanceof TypeError)) throw error;
  reading.failures += 1;
  await sleep(50);
}
