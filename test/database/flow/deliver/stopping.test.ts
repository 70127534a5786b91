import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../../support/databases';
import { claim } from '../../factory/claims';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeProcess, type ProcessInput } from '../../factory/process';
import { countByStatus, storedAttempts, storedDeliveries } from '../../factory/rows';
import { useWorkers } from '../../factory/workers';

describeOnEachDatabase('Stopping a worker', (dialect) => {
  const log = useLog(dialect);
  const { receiver, make } = useWorkers(log);

  const start = async (concurrency: number, input: ProcessInput = {}, retry?: number[]) => {
    const delivery = { order: 'none' as const, concurrency, ...(retry && { retry }) };
    await addSubscription(log.db, { url: receiver.url(), delivery });
    await addEventsCounted(log.db, 30);
    const process = make(input);
    await process.sequence();
    await process.start();
    return process;
  };
  const statuses = async () => countByStatus(await storedDeliveries(log.db));

  it('lets what is under way end, and gives back what has not begun', async () => {
    receiver.answer({ status: 204, delay: 250 });
    const process = await start(4);
    await receiver.received(4);

    await process.stop();

    expect(receiver.requests).toHaveLength(4);
    expect(await statuses()).toEqual({ delivered: 4, waiting: 26 });
    expect(await storedAttempts(log.db)).toHaveLength(4);
    const untouched = (await storedDeliveries(log.db)).filter(({ status }) => status === 'waiting');
    expect(untouched.every((delivery) => delivery.attempts === 0 && !delivery.leaseToken)).toBe(
      true,
    );
    expect(await claim(log.db)).toHaveLength(26);
  });

  it('begins nothing new', async () => {
    receiver.answer({ status: 204, delay: 250 });
    const process = await start(4);
    await receiver.received(4);
    const stopped = process.stop();
    await addEventsCounted(log.db, 5);
    await makeProcess(log.db).sequence();
    process.deliverer.wake();
    await stopped;
    process.deliverer.wake();
    expect(receiver.requests).toHaveLength(4);
    expect(await statuses()).toEqual({ delivered: 4, waiting: 31 });
  });

  it('cuts short what does not end in time, and leaves it to be tried again', async () => {
    receiver.answer({ hang: true });
    const process = await start(4, { settings: { drainMs: 150 } });
    await receiver.received(4);
    const began = Date.now();

    await process.stop();

    expect(Date.now() - began).toBeLessThan(2_000);
    expect(await statuses()).toEqual({ waiting: 30 });
    expect(await storedAttempts(log.db)).toMatchObject(
      Array(4).fill({ number: 1, outcome: 'transient', errorCode: 'interrupted' }),
    );

    receiver.answer(204);
    const next = make();
    await next.start();
    await receiver.received(8);
    await next.stop();
  });

  it('makes no dead letter of what it cuts short, not even of the last attempt', async () => {
    receiver.answer({ hang: true });
    const process = await start(4, { settings: { drainMs: 150 } }, [0]);
    await receiver.received(4);

    await process.stop();

    expect(await statuses()).toEqual({ waiting: 30 });
  });

  it('writes the results that it is still gathering', async () => {
    const process = await start(8, { settings: { flushMs: 60_000 } });
    await receiver.received(8);
    expect(await statuses()).not.toHaveProperty('delivered');

    await process.stop();

    const { delivered, sending } = await statuses();
    expect(delivered).toBe(receiver.requests.length);
    expect(sending).toBeUndefined();
  });

  it('is done at once when nothing is under way', async () => {
    const process = make({ settings: { pollMs: 60_000 } });
    await process.start();
    const began = Date.now();
    await process.stop();
    expect(Date.now() - began).toBeLessThan(1_000);
  });
});
