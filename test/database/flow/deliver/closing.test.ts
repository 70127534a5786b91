import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { cancelOrphans } from '../../../../server/src/store/cancel-orphans';
import { bumpConfigVersion } from '../../../../server/src/store/config-version';
import { deleteSubscription } from '../../../../server/src/store/subscriptions';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { waitFor } from '../../../support/wait-for';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { inTransaction, useLog } from '../../factory/log';
import { countByStatus, storedDeliveries, storedSubscription } from '../../factory/rows';
import { useWorkers } from '../../factory/workers';

/** Long enough for many claims and flushes. */
const A_WHILE = 300;

describeOnEachDatabase(
  'Delivering to a subscription that may not be sent to any more',
  (dialect) => {
    const log = useLog(dialect);
    const { receiver, running, make } = useWorkers(log);

    /** One subscription, one request at a time, and twenty events that a worker has claimed at once. */
    const begin = async () => {
      const id = await addSubscription(log.db, {
        url: receiver.url(),
        event_types: ['entry.*'],
        delivery: { order: 'none', concurrency: 1, retry: [0, 0, 0] },
      });
      await addEventsCounted(log.db, 20);
      const process = make();
      await process.sequence();
      await process.start();
      return id;
    };
    const setState = (id: string, state: string) =>
      inTransaction(log.db, async (trx) => {
        await trx(TABLES.subscriptions).where({ id }).update({ state });
        await bumpConfigVersion(trx);
      });
    const statuses = async () => countByStatus(await storedDeliveries(log.db));

    it('sends nothing more of what it has claimed when the endpoint asks for a pause', async () => {
      receiver.answer({ status: 429, headers: { 'retry-after': '3600' } });
      const id = await begin();
      await waitFor(async () => (await storedSubscription(log.db, id)).heldUntil);
      const before = receiver.requests.length;
      await sleep(A_WHILE);

      // What had begun when the answer came may still end.
      expect(before).toBeLessThanOrEqual(2);
      expect(receiver.requests.length).toBe(before);
      expect(await statuses()).toEqual({ waiting: 20 });
    });

    it('sends nothing more of what it has claimed when the endpoint is gone', async () => {
      receiver.answer(410);
      const id = await begin();
      await waitFor(async () => (await storedSubscription(log.db, id)).state === 'disabled');
      await sleep(A_WHILE);

      expect(receiver.requests.length).toBeLessThanOrEqual(2);
      expect(await statuses()).toEqual({
        dead: receiver.requests.length,
        waiting: 20 - receiver.requests.length,
      });
    });

    it('sends nothing more of what it has claimed when an admin pauses it', async () => {
      receiver.answer({ status: 204, delay: 100 });
      const id = await begin();
      await receiver.received(1);
      await setState(id, 'paused');
      running[0]?.deliverer.wake();
      await sleep(5 * A_WHILE);

      expect(receiver.requests.length).toBeLessThanOrEqual(2);
      await setState(id, 'active');
      receiver.answer(204);
      running[0]?.deliverer.wake();
      await waitFor(async () => (await statuses()).delivered === 20);
    });

    it('leaves nothing owed to a subscription that was deleted while it was sent to', async () => {
      receiver.answer({ status: 503, delay: 100 });
      const id = await begin();
      await receiver.received(1);
      await inTransaction(log.db, async (trx) => {
        await deleteSubscription(trx, id);
        await cancelOrphans(trx, { subscriptionIds: [id], now: new Date() });
        await bumpConfigVersion(trx);
      });
      await waitFor(async () => {
        const deliveries = await storedDeliveries(log.db);
        return deliveries.every(({ settled, reason }) => settled && reason !== null);
      }, 3_000);
    });
  },
);
