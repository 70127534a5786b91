import { expect, it } from 'vitest';
import { retryTransient } from '../../../../server/src/flow/retry-transient';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import type { Answer } from '../../../support/receiver';
import { waitFor } from '../../../support/wait-for';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import type { TestProcess } from '../../factory/process';
import { storedAttempts, storedDeliveries, storedSubscription } from '../../factory/rows';
import { useWorkers } from '../../factory/workers';

const HOUR = 3_600_000;
const LATE = 'Results came too late: another process had taken the deliveries over';

describeOnEachDatabase('Two workers whose leases have run out', (dialect) => {
  const log = useLog(dialect);
  const { receiver, running, make } = useWorkers(log);

  /** One whose heartbeat is an hour away: it frees nothing, and extends nothing. */
  const start = async () => {
    const settings = { leaseMs: 3 * HOUR, pollMs: 20, flushMs: 5 };
    const process = make({ settings }, log.processes(3)[running.length]);
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
          lease_token: null,
          due_at: Date.now() - 1,
        }),
    );
  const lateLines = (process: TestProcess) =>
    process.lines.filter(({ message }) => message === LATE);

  // What the two late ones bring home would each end the delivery, or the subscription, in another way.
  const LATE_ANSWERS: [string, Answer, Answer, number][] = [
    ['successes', { status: 200 }, { status: 204 }, 400],
    ['dead letters', { status: 404 }, { status: 410 }, 202],
    ['retries', { status: 503 }, { status: 429, headers: { 'retry-after': '3600' } }, 202],
  ];
  /** The late ones answer after the third has settled the delivery, or while it is still at it. */
  const cases = LATE_ANSWERS.flatMap(([what, first, second, status]) => [
    { what, when: 'after', answers: [late(first, 1_000), late(second, 1_000), { status }] },
    {
      what,
      when: 'before',
      answers: [late(first, 500), late(second, 400), late({ status }, 2_500)],
    },
  ]);
  it.each(cases)(
    'change nothing by $what that come late, $when the third has settled it',
    async ({ when, answers }) => {
      const id = await addSubscription(log.db, {
        url: receiver.url(),
        event_types: ['entry.*'],
        delivery: { order: 'none', concurrency: 1, retry: [0, 5] },
      });
      receiver.answer(...answers);
      await addEventsCounted(log.db, 1);

      const one = await start();
      await one.sequence();
      one.deliverer.wake();
      await receiver.received(1);
      // Held up by its request, the first does not claim the delivery again.
      await expire();
      const two = await start();
      await receiver.received(2);
      await expire();
      const three = await start();
      await receiver.received(3);
      const settled = () =>
        waitFor(async () => (await storedDeliveries(log.db)).some((one) => one.settled));
      const bothLate = () =>
        waitFor(() => lateLines(one).length === 1 && lateLines(two).length === 1);

      if (when === 'after') await settled();
      const before = await everything(id);
      await bothLate();
      expect(await everything(id)).toEqual(before);
      await settled();

      expect(lateLines(three)).toEqual([]);
      const { deliveries, attempts, subscription } = await everything(id);
      const third = receiver.requests[2]?.headers['x-delivery-attempt'];
      expect(third).toBe('1');
      expect(deliveries).toMatchObject([{ attempts: 1, settled: true, leaseToken: null }]);
      expect(attempts).toMatchObject([{ number: 1, statusCode: statusOf(answers[2]) }]);
      expect(deliveries[0]?.status).toBe(statusOf(answers[2]) === 400 ? 'dead' : 'delivered');
      expect(subscription).toMatchObject({ state: 'active', heldUntil: null });
      expect(receiver.requests).toHaveLength(3);
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

function late(answer: Answer, delay: number): Answer {
  return { ...answer, delay };
}

function statusOf(answer: Answer | undefined): number | null {
  return answer && 'status' in answer ? answer.status : null;
}
