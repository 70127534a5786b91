import { afterEach, beforeEach, expect, it } from 'vitest';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import type { ReceivedRequest } from '../../../support/receiver';
import { installSteppedClock, type SteppedClock } from '../../../support/stepped-clock';
import { waitFor } from '../../../support/wait-for';
import { addEvents, addSubscription, type SubscriptionInput } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { countByStatus, storedAttempts, storedDeliveries } from '../../factory/rows';
import { useWorkers } from '../../factory/workers';

const HOUR = 3_600_000;
/** Events added at a time, about so many subjects. */
const EVENTS = 40;
const SUBJECTS = 8;
const RATE = 40;
const LEASE = 900;
/** A few seconds where the machine is quiet; an hour if anything waits for the clock. */
const SETTLED_WITHIN = 45_000;

const DESKS = {
  slow: { delivery: { order: 'per_subject', concurrency: 2 } },
  retried: { delivery: { order: 'none', retry: [0, 1, 1] } },
  limited: { delivery: { order: 'none', rate_per_second: RATE } },
  coalesced: { delivery: { coalesce_seconds: 0.5 } },
  batched: { shape: { batch: { max_items: 15, max_wait_seconds: 1 } } },
} satisfies Record<string, SubscriptionInput>;

describeOnEachDatabase('A clock that is set', (dialect) => {
  const log = useLog(dialect);
  let clock: SteppedClock;

  beforeEach(() => {
    clock = installSteppedClock();
  });
  // Registered before the workers' own: the processes stop by the clock that they have worked by.
  afterEach(() => clock.restore());
  const { receiver, running, make } = useWorkers(log);

  const start = async () => {
    const db = log.processes(2)[running.length]!;
    // What is tried again here fails all the time: the circuit breaker has its own tests.
    const breaker = { failures: 1_000 };
    const process = make({ settings: { leaseMs: LEASE, pollMs: 100 }, breaker }, db);
    await process.start();
    return process;
  };
  const addSome = async () => {
    const subjects = Array.from({ length: EVENTS }, (_, n) => ({ subject: `s${n % SUBJECTS}` }));
    await addEvents(log.db, subjects);
    await running[0]!.sequence();
    for (const { deliverer } of running) deliverer.wake();
  };
  const seen = (count: number) => receiver.received(receiver.requests.length + count);

  const STEPS: [string, number[]][] = [
    ['forward by an hour and back', [HOUR, 0]],
    ['back by an hour and forward', [-HOUR, 0]],
    ['back by an hour for good', [-HOUR]],
  ];
  it.each(STEPS)(
    '%s loses nothing and holds nothing up',
    { timeout: 90_000 },
    async (_name, offsets) => {
      const ids: Partial<Record<keyof typeof DESKS, string>> = {};
      for (const [name, settings] of Object.entries(DESKS)) {
        const input = { event_types: ['entry.*'], url: receiver.url(), ...settings };
        ids[name as keyof typeof DESKS] = await addSubscription(log.db, input);
      }
      const { retried = '' } = ids;
      receiver.answerBy((request) => ({ status: statusFor(request, retried), delay: 20 }));
      for (let count = dialect === 'sqlite' ? 1 : 2; count > 0; count -= 1) await start();

      await addSome();
      await seen(10);
      for (const offset of offsets) {
        clock.step(offset);
        await addSome();
        // Enough for a heartbeat, and for retries that the clock of this moment has set.
        await seen(30);
      }
      const steppedAt = performance.now();
      const open = () => log.db(TABLES.deliveries).whereNot({ settled: true }).select('*');
      await waitFor(async () => (await open()).length === 0, SETTLED_WITHIN).catch(
        async (cause: unknown) => {
          const byDesk = Object.entries(ids).map(([desk, id]) => ({ desk, id }));
          const left = (await open()).map(({ subscription_id: of, status, due_at: due }) => ({
            status: `${byDesk.find(({ id }) => id === of)?.desk} ${status}, due in ${due - Date.now()}`,
          }));
          throw new Error(`Still open: ${JSON.stringify(countByStatus(left))}`, { cause });
        },
      );
      const took = performance.now() - steppedAt;

      const deliveries = await storedDeliveries(log.db);
      const { delivered, superseded, ...others } = countByStatus(deliveries);
      expect(others).toEqual({});
      expect(delivered).toBeGreaterThan(4 * EVENTS * offsets.length);
      expect(superseded).toBeGreaterThan(0);
      // Three attempts of what is tried again, one of everything else: a step makes no storm.
      const attempts = await storedAttempts(log.db);
      for (const { id, attempts: made, subscriptionId, status } of deliveries) {
        const expected = status === 'superseded' ? 0 : subscriptionId === retried ? 3 : 1;
        expect(made).toBe(expected);
        expect(attempts.filter(({ deliveryRef }) => deliveryRef === id)).toHaveLength(expected);
      }
      expectTimestamps(receiver.requests, offsets);
      console.log(
        `clock ${offsets.join(', ')} ms (${dialect}): ${deliveries.length} deliveries settled, the last ${Math.round(took)} ms after the last step`,
      );
    },
  );
});

/** The one that is tried again succeeds at its third attempt. */
function statusFor({ headers }: ReceivedRequest, retried: string): number {
  const again = headers['x-subscription-id'] === retried;
  return again && Number(headers['x-delivery-attempt']) < 3 ? 503 : 204;
}

/** Signatures carry the time of the clock as it stood: before, during and after each step. */
function expectTimestamps(requests: ReceivedRequest[], offsets: number[]): void {
  const stamped = new Set<number>();
  for (const { at, headers } of requests) {
    // `at` is read from the same clock, a moment later: a step may lie in between.
    const ahead = Number(headers['webhook-timestamp']) * 1_000 - at;
    const near = [0, HOUR, -HOUR].find((offset) => Math.abs(ahead - offset) < 10_000);
    expect(near).toBeDefined();
    const [first] = requests;
    stamped.add(Math.round((at - (first?.at ?? 0)) / HOUR));
  }
  expect([...stamped].sort()).toEqual([...new Set([0, ...offsets.map((o) => o / HOUR)])].sort());
}
