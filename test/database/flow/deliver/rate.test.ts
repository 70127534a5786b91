import { expect, it } from 'vitest';
import { retryTransient } from '../../../../server/src/flow/retry-transient';
import { describeOnEachDatabase } from '../../../support/databases';
import { startReceiver } from '../../../support/receiver';
import { waitFor } from '../../../support/wait-for';
import { claim } from '../../factory/claims';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';
import { countByStatus, storedDeliveries } from '../../factory/rows';

const RATE = 5;
const EVENTS = 60;

describeOnEachDatabase('A rate limit', (dialect) => {
  const log = useLog(dialect);

  const owe = async (url?: string) => {
    const delivery = { order: 'none' as const, rate_per_second: RATE, concurrency: 50 };
    const id = await addSubscription(log.db, { delivery, ...(url && { url }) });
    await addEventsCounted(log.db, EVENTS);
    await makeProcess(log.db).sequence();
    return id;
  };

  it('holds for all processes together, in every second', async () => {
    await owe();
    const processes = log.processes(3);
    const start = Date.now() + 10_000;
    const times: number[] = [];
    for (let ms = 0; ms < 4_000; ms += 50) {
      const now = new Date(start + ms);
      const claims = await Promise.all(
        processes.map((db) => retryTransient(() => claim(db, { now, ratePerSecond: RATE }))),
      );
      for (const claimed of claims) times.push(...claimed.map(() => ms));
    }
    const inSecondFrom = (from: number) =>
      times.filter((at) => at >= from && at < from + 1_000).length;
    expect(Math.max(...times.map(inSecondFrom))).toBeLessThanOrEqual(RATE + 1);
    expect(times.length).toBeGreaterThanOrEqual(4 * RATE - 2);
    expect(times.length).toBeLessThanOrEqual(4 * RATE + 1);
  });

  it('takes no token for what is not sent', async () => {
    await addSubscription(log.db, { delivery: { order: 'strict', rate_per_second: 1 } });
    await addEventsCounted(log.db, 2);
    await makeProcess(log.db).sequence();
    const now = new Date(Date.now() + 10_000);
    expect(await claim(log.db, { now, ratePerSecond: 1 })).toHaveLength(1);
    // The second waits for the first: looked at, parked, and nothing taken from the bucket.
    const later = new Date(now.getTime() + 1_000);
    expect(await claim(log.db, { now: later, ratePerSecond: 1 })).toEqual([]);
    await addSubscription(log.db);
    const [row] = await log.db('newswire_subscriptions').whereNotNull('rate_at');
    expect(Number(row.rate_at)).toBe(now.getTime());
  });

  it('lets a worker go on without being woken, at the pace of the limit', async () => {
    const receiver = await startReceiver();
    await owe(receiver.url());
    // Nothing but the limit itself tells the worker when to look again.
    const process = makeProcess(log.db, { settings: { pollMs: 60_000 } });
    const began = Date.now();
    await process.start();
    try {
      await receiver.received(8, 10_000);
      const [first] = receiver.requests;
      const took = (receiver.requests[7]?.at ?? 0) - (first?.at ?? 0);
      expect(took).toBeGreaterThanOrEqual(7 * (1_000 / RATE) - 250);
      expect(Date.now() - began).toBeLessThan(8_000);
      await waitFor(
        async () => (countByStatus(await storedDeliveries(log.db)).delivered ?? 0) >= 8,
      );
    } finally {
      await process.stop();
      await receiver.close();
    }
  });
});
