import { afterEach, beforeEach, expect, it } from 'vitest';
import { retryTransient } from '../../../../server/src/flow/retry-transient';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { startReceiver, type Answer, type Receiver } from '../../../support/receiver';
import { waitFor } from '../../../support/wait-for';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeProcess, type TestProcess } from '../../factory/process';
import { storedAttempts, storedDeliveries, storedSubscription } from '../../factory/rows';

const HOUR = 3_600_000;
const LATE = 'Results came too late: another process had taken the deliveries over';

describeOnEachDatabase('Two workers whose leases have run out', (dialect) => {
  const log = useLog(dialect);
  let receiver: Receiver;
  const running: TestProcess[] = [];

  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const process of running.splice(0)) await process.stop();
    await receiver.close();
  });

  /** One whose heartbeat is an hour away: it frees nothing, and extends nothing. */
  const start = async () => {
    const process = makeProcess(log.processes(3)[running.length]!, {
      settings: { leaseMs: 3 * HOUR, pollMs: 20, flushMs: 5 },
    });
    running.push(process);
    await process.start();
    return process;
  };
  /** As the heartbeat of any process does with what another has left. */
  const expire = () =>
    retryTransient(async () =>
      log
        .db(TABLES.deliveries)
        .where({ status: 'sending' })
        .update({
          status: 'waiting',
          lease_owner: null,
          lease_token: null,
          lease_until: null,
          due_at: Date.now() - 1,
        }),
    );
  const lateLines = (process: TestProcess) =>
    process.lines.filter(({ message }) => message === LATE);

  // What the two late ones bring home would each end the delivery, or the subscription, in another way.
  const LATE_ANSWERS: [string, Answer, Answer][] = [
    ['successes', { status: 200, delay: 1_000 }, { status: 204, delay: 1_000 }],
    ['dead letters', { status: 404, delay: 1_000 }, { status: 410, delay: 1_000 }],
    [
      'retries',
      { status: 503, delay: 1_000 },
      { status: 429, headers: { 'retry-after': '3600' }, delay: 1_000 },
    ],
  ];
  it.each(LATE_ANSWERS)(
    'change nothing by late %s, whatever the third has made of it',
    async (_name, first, second) => {
      const id = await addSubscription(log.db, {
        url: receiver.url(),
        event_types: ['entry.*'],
        delivery: { order: 'none', concurrency: 1, retry: [0, 5] },
      });
      const settledBy: Answer = { status: first === LATE_ANSWERS[0]![1] ? 400 : 202 };
      receiver.answerBy((_request, count) => [first, second][count] ?? settledBy);
      await addEventsCounted(log.db, 1);

      const one = await start();
      await one.sequence();
      one.deliverer.wake();
      await receiver.received(1);
      // Held by its request, the first does not claim the delivery again; on SQLite the three share a connection only.
      await expire();
      const two = await start();
      await receiver.received(2);
      await expire();
      const three = await start();
      await receiver.received(3);
      await waitFor(async () => (await storedDeliveries(log.db))[0]?.settled);
      const before = await everything(id);

      await waitFor(() => lateLines(one).length === 1 && lateLines(two).length === 1);
      expect(await everything(id)).toEqual(before);
      expect(lateLines(three)).toEqual([]);
      const [delivery] = before.deliveries;
      expect(delivery).toMatchObject({ attempts: 1, leaseToken: null });
      expect(delivery?.status).toBe(settledBy.status === 400 ? 'dead' : 'delivered');
      expect(before.attempts).toMatchObject([{ number: 1, statusCode: settledBy.status }]);
      expect(before.subscription).toMatchObject({ state: 'active', heldUntil: null });
      expect(receiver.requests.map(({ headers }) => headers['x-delivery-attempt'])).toEqual([
        '1',
        '1',
        '1',
      ]);
    },
  );

  const everything = async (id: string) => ({
    deliveries: (await storedDeliveries(log.db)).filter(
      ({ eventType }) => eventType === 'entry.updated',
    ),
    attempts: await storedAttempts(log.db),
    subscription: await storedSubscription(log.db, id),
  });
});
