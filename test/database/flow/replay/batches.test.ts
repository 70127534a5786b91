import { expect, it } from 'vitest';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { waitFor } from '../../../support/wait-for';
import { addEvents, addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { settleWaiting, useReplays } from '../../factory/replays';
import { storedDeliveries } from '../../factory/rows';
import { oneTo } from '../../factory/series';
import { useWorkers } from '../../factory/workers';

const IN_BATCHES = { batch: { max_items: 4, max_bytes: 1_000_000, max_wait_seconds: 60 } };

interface Batch {
  batch_id: string;
  events: { sequence_number: number }[];
}

describeOnEachDatabase('Replaying to a subscription that is sent batches', (dialect) => {
  const log = useLog(dialect);
  const { receiver } = useWorkers(log);
  const { process, replayer } = useReplays(log);

  /** The sequence numbers in each replayed batch, in the order in which they were made. */
  const replayedBatches = async () => {
    const rows = await log
      .db(`${TABLES.deliveries} as d`)
      .join(`${TABLES.batchItems} as item`, 'item.batch_id', 'd.batch_id')
      .join(`${TABLES.events} as e`, 'e.id', 'item.event_ref')
      .where('d.replay', true)
      .orderBy(['d.id', 'item.position'])
      .select<{ id: unknown; n: unknown }[]>('d.id', { n: 'e.sequence_number' });
    const batches = new Map<string, number[]>();
    for (const { id, n } of rows) {
      const key = String(id);
      batches.set(key, [...(batches.get(key) ?? []), Number(n)]);
    }
    return [...batches.values()];
  };

  it('sends a batch again whole, under its own id', async () => {
    const id = await addSubscription(log.db, { shape: IN_BATCHES });
    await addEvents(log.db, [
      ...Array.from({ length: 5 }, () => ({ type: 'entry.created' })),
      ...Array.from({ length: 5 }, () => ({ type: 'entry.deleted' })),
    ]);
    await process.sequence();
    await settleWaiting(log.db, 'dead');
    const body = { subscription_id: id, status: 'dead' };
    expect(await replayer.count(body)).toBe(3);
    expect(await replayer.count({ ...body, event_types: ['entry.created'] })).toBe(2);
    expect(await replayer.count({ ...body, event_types: ['batch'] })).toBe(0);
    await replayer.start(body);
    await replayer.run();
    expect(await replayedBatches()).toEqual([oneTo(4), [5, 6, 7, 8], [9, 10]]);
    const all = await log.db(TABLES.deliveries).orderBy('id').select('batch_id', 'item_count');
    expect(all.slice(3)).toEqual(all.slice(0, 3));
    expect(await replayer.count(body)).toBe(0);
  });

  it('takes no member of a batch for missing, wherever the look at the log begins', async () => {
    await addEventsCounted(log.db, 3);
    await process.sequence();
    const id = await addSubscription(log.db, { shape: IN_BATCHES });
    const other = await addSubscription(log.db, { shape: IN_BATCHES });
    await addEventsCounted(log.db, 7);
    await process.sequence();
    await log.db(TABLES.deliveries).where({ subscription_id: other, sequence_number: 4 }).delete();
    expect(await replayer.count({ subscription_id: id, missing: true })).toBe(3);
    await log.db(TABLES.events).where({ sequence_number: 6 }).update({ occurred_at: 1_000 });
    const until = new Date(2_000).toISOString();
    expect(await replayer.count({ subscription_id: id, missing: true, until })).toBe(0);
    expect(await replayer.count({ subscription_id: other, missing: true })).toBe(7);
  });

  it('puts what is missing into batches of its own, at the rate, and sends them', async () => {
    await addEventsCounted(log.db, 14);
    await process.sequence();
    const id = await addSubscription(log.db, { shape: IN_BATCHES, url: receiver.url() });
    await addEventsCounted(log.db, 1);
    await process.sequence();
    const { matched } = await replayer.start({
      subscription_id: id,
      missing: true,
      rate_per_second: 8,
    });
    expect(matched).toBe(14);
    await replayer.step();
    expect(await replayedBatches()).toEqual([oneTo(4), [5, 6, 7, 8]]);
    await replayer.run();
    expect(await replayedBatches()).toEqual([oneTo(4), [5, 6, 7, 8], [9, 10, 11, 12], [13, 14]]);
    expect(await replayer.count({ subscription_id: id, missing: true })).toBe(0);
    const made = (await storedDeliveries(log.db)).filter(({ replay }) => replay);
    expect(made.map(({ eventType }) => eventType)).toEqual(Array(4).fill('batch'));

    await log.db(TABLES.deliveries).where({ replay: true }).update({ due_at: Date.now() });
    await process.start();
    await receiver.received(4);
    await waitFor(async () =>
      (await storedDeliveries(log.db)).every(({ replay, settled }) => !replay || settled),
    );
    await process.stop();
    const bodies = receiver.requests.map(({ body }) => JSON.parse(body.toString()) as Batch);
    const numbers = bodies.flatMap(({ events }) => events.map((event) => event.sequence_number));
    expect(numbers.sort((a, b) => a - b)).toEqual(oneTo(14));
    expect(receiver.requests.every(({ headers }) => headers['x-replay'] === 'true')).toBe(true);
  });

  it('cuts batches by their bytes too, and loses nothing at the cut', async () => {
    const payload = { text: 'x'.repeat(1_000) };
    await addEvents(
      log.db,
      oneTo(10).map(() => ({ payload })),
    );
    await process.sequence();
    const shape = { batch: { ...IN_BATCHES.batch, max_bytes: 3_500 } };
    const id = await addSubscription(log.db, { shape });
    await replayer.start({ subscription_id: id, missing: true, rate_per_second: 4 });
    await replayer.step();
    expect(await replayedBatches()).toEqual([[1, 2]]);
    await replayer.run();
    expect((await replayedBatches()).flat()).toEqual(oneTo(10));
    expect(await replayedBatches()).toHaveLength(5);
  });
});
