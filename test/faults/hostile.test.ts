import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases';
import { startReceiver, type Answer, type Receiver } from '../support/receiver';
import { waitFor } from '../support/wait-for';
import type { Desk } from './desks';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';
import { either, FULL } from './run';

const MEBIBYTE = 1_048_576;
const FLOOD = 300 * MEBIBYTE;
const EVENTS = either(30, 150);
const EDITORS = 3;
/**
 * Heap of the process, in MiB. It holds 110 of them from the boot to the end, whatever arrives (measured with a collection
 * every four seconds, November 2026, MariaDB); left alone, V8 lets garbage lie for as long as the machine
 * has memory, and what is measured is the machine.
 */
const HEAP = 192;
/** What the process may grow by under all of it: less than one of the answers. */
const MAX_GROWTH = 200 * MEBIBYTE;

interface Hostile {
  name: string;
  answer(count: number): Answer;
  /** Seconds; short for those that would use it up. */
  timeout: number;
  /** How each delivery ends, by spec §4, and what its last attempt was. */
  ends: { status: 'delivered' | 'dead'; attempts: number; outcome: string; code: string | null };
}

const transient = (code: string): Hostile['ends'] => ({
  status: 'dead',
  attempts: 2,
  outcome: 'transient',
  code,
});
const delivered: Hostile['ends'] = {
  status: 'delivered',
  attempts: 1,
  outcome: 'delivered',
  code: null,
};

const REDIRECTS = [301, 302, 307, 308];

const hostiles = (elsewhere: string): Hostile[] => [
  {
    name: 'resets',
    timeout: 15,
    answer: () => ({ reset: true }),
    ends: transient('ECONNRESET'),
  },
  {
    name: 'resets in its answer',
    timeout: 15,
    answer: () => ({ half: 'reset' }),
    ends: transient('ECONNRESET'),
  },
  {
    name: 'answers half',
    timeout: 15,
    answer: () => ({ half: 'closed' }),
    ends: transient('ECONNRESET'),
  },
  {
    name: 'drips its answer',
    timeout: 1,
    answer: () => ({ drip: { everyMilliseconds: 1_000 } }),
    ends: transient('timed_out'),
  },
  {
    name: 'drips from the first byte on',
    timeout: 1,
    answer: () => ({ dripHead: { everyMilliseconds: 100 } }),
    ends: transient('timed_out'),
  },
  {
    name: 'hangs',
    timeout: 1,
    answer: () => ({ hang: true }),
    ends: transient('timed_out'),
  },
  {
    name: 'redirects',
    timeout: 15,
    answer: (count) => ({
      status: REDIRECTS[count % REDIRECTS.length] ?? 302,
      headers: { location: elsewhere },
    }),
    ends: { status: 'dead', attempts: 1, outcome: 'permanent', code: null },
  },
  {
    name: 'floods',
    timeout: 15,
    answer: () => ({ flood: { bytes: FLOOD } }),
    ends: delivered,
  },
];

const HEALTHY: Desk = {
  name: 'Healthy',
  settings: { event_types: ['entry.*'] },
  wants: ({ type }) => type.startsWith('entry.'),
  order: 'subject',
};

const deskOf = ({ name, timeout }: Hostile): Desk => ({
  name: `One that ${name}`,
  settings: {
    event_types: ['entry.created'],
    destination: { timeout_seconds: timeout },
    delivery: { order: 'none', retry: [0, 0.2] },
  },
  wants: ({ type }) => type === 'entry.created',
  order: 'none',
});

describeOnEachDatabase(
  'Hostile receivers',
  (dialect) => {
    let elsewhere: Receiver;
    let newsroom: Newsroom;
    let all: Hostile[];

    beforeAll(async () => {
      elsewhere = await startReceiver();
      all = hostiles(elsewhere.url());
      // A circuit breaker would spare us most of them; it has its own tests.
      const delivery = { pollSeconds: 0.2, breaker: { failures: 10_000 } };
      const desks = [HEALTHY, ...all.map(deskOf)];
      const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP}` };
      newsroom = await openNewsroom(dialect, { desks, options: { delivery }, env });
    });
    afterAll(async () => {
      await newsroom?.close();
      await elsewhere?.close();
    });

    it('end as their answers say, and hold up nobody else', async () => {
      const { editors, receiver, desks } = newsroom;
      const counts = new Map<string, number>();
      receiver.answerBy(({ path }) => {
        const count = counts.get(path) ?? 0;
        counts.set(path, count + 1);
        return all[Number(path.split('/').at(-1)) - 1]?.answer(count) ?? { status: 204 };
      });
      const { pid } = await newsroom.running();
      await newsroom.admin();
      const memory = watchMemory(pid);

      const work = Array.from({ length: EDITORS }, () =>
        editors.work(() => editors.confirmed < EVENTS),
      );
      await Promise.all(work);
      const healthy = desks[0]?.subscription.id ?? '';
      const arrived = () =>
        new Set(
          receiver.requests
            .filter(({ headers }) => headers['x-subscription-id'] === healthy)
            .map(({ headers }) => headers['x-idempotency-key']),
        ).size;
      await waitFor(() => arrived() === editors.confirmed, 60_000, 'the healthy one to have all');
      // The others are still at it: nobody has waited for them.
      const hanging = desks.find(({ name }) => name.endsWith('hangs'))?.subscription.id;
      const open = await newsroom.deliveries(`&subscription_id=${hanging}`);
      expect(open.filter(({ status }) => status === 'waiting' || status === 'sending')).not.toEqual(
        [],
      );

      await allDelivered(newsroom, 100_000);
      const grown = memory.stop();
      for (const [index, { name, ends }] of all.entries()) {
        const id = desks[index + 1]?.subscription.id;
        const owed = await newsroom.deliveries(`&subscription_id=${id}`);
        const others = owed.filter(({ status }) => status !== ends.status);
        expect([name, others.map(({ reason }) => reason)]).toEqual([name, []]);
        const { status, attempts, attempt_log: log } = await newsroom.delivery(owed[0]?.id ?? '');
        const last = log.at(-1);
        expect([
          name,
          { status, attempts, outcome: last?.outcome, code: last?.error_code },
        ]).toEqual([name, ends]);
      }
      expect(elsewhere.requests).toEqual([]);
      if (grown !== null) {
        console.log(
          `memory: ${Math.round(grown / MEBIBYTE)} MiB more at most, with ${counts.get(`/desk/${all.length}`)} answers of ${FLOOD / MEBIBYTE} MiB`,
        );
        expect(grown).toBeLessThan(MAX_GROWTH);
      }

      expect(await newsroom.stop()).toBe(0);
      await newsroom.ledger('hostile receivers');
    });
  },
  FULL ? ['sqlite', 'postgres', 'mysql'] : ['sqlite'],
);

/** How much a process has grown at the most, in bytes; null where the system does not tell. */
function watchMemory(pid: number): { stop(): number | null } {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return { stop: () => null };
  const resident = () =>
    1_024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  const before = resident();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, resident())), 50);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.max(most, resident()) - before;
    },
  };
}
