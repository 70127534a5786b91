import { expect, it } from 'vitest';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { waitFor } from '../../support/wait-for';
import { claim } from '../factory/claims';
import { addEvents, addSubscription, type EventInput } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { countByStatus, storedDeliveries, storedEvents } from '../factory/rows';
import { useWorkers } from '../factory/workers';

interface Batch {
  batch_id: string;
  events: { event_id: string; sequence_number: number }[];
}

describeOnEachDatabase('Batching', (dialect) => {
  const log = useLog(dialect);
  const { receiver, running, make } = useWorkers(log);

  const subscribe = (batch: {
    max_items?: number;
    max_bytes?: number;
    max_wait_seconds?: number;
  }) =>
    addSubscription(log.db, {
      url: receiver.url(),
      event_types: ['entry.*'],
      shape: { batch },
      delivery: { retry: [0, 0, 0] },
    });
  const route = async (count: number, input: EventInput = {}) => {
    await addEvents(
      log.db,
      Array.from({ length: count }, () => input),
    );
    await makeProcess(log.db).sequence();
  };
  const start = () => make().start();
  const batches = () => receiver.requests.map(({ body }) => JSON.parse(body.toString()) as Batch);
  const numbers = () => batches().map(({ events }) => events.map((e) => e.sequence_number));
  const items = async () => Number((await log.db(TABLES.batchItems).count({ n: '*' }))[0]?.['n']);

  it('sends events together, in sequence order, with one id and one signature', async () => {
    await subscribe({ max_items: 3 });
    await route(2);
    await route(5);
    await start();
    await receiver.received(2);

    expect(numbers()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const stored = await storedEvents(log.db);
    const [batch] = batches();
    expect(batch?.events.map((event) => event.event_id)).toEqual(
      stored.slice(0, 3).map(({ eventId }) => eventId),
    );
    expect(receiver.requests[0]?.headers).toMatchObject({
      'x-event-type': 'batch',
      'x-schema-version': 'batch',
      'x-idempotency-key': batch?.batch_id,
      'webhook-id': batch?.batch_id,
    });
    // The seventh waits for more.
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).delivered === 2);
    expect(countByStatus(await storedDeliveries(log.db))).toEqual({ delivered: 2, waiting: 1 });
    expect(await items()).toBe(7);
  });

  it('sends what there is when the first event has waited long enough', async () => {
    await subscribe({ max_items: 100, max_wait_seconds: 0.4 });
    const began = Date.now();
    await route(1);
    await route(1);
    await start();
    await receiver.received(1);
    expect(numbers()).toEqual([[1, 2]]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(395);
  });

  it('cuts by size, and sends an event that is larger alone', async () => {
    await subscribe({ max_bytes: 2_048 });
    await route(3, { payload: { text: 'x'.repeat(300) } });
    await route(1, { payload: { text: 'ü'.repeat(4_000) } });
    await route(1);
    await log.db(TABLES.deliveries).update({ due_at: Date.now() });
    await start();
    await receiver.received(4);
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).delivered === 4);
    expect(numbers()).toEqual([[1, 2], [3], [4], [5]]);
    for (const [index, { body }] of receiver.requests.entries()) {
      if (index !== 2) expect(body.length).toBeLessThanOrEqual(2_048);
    }
  });

  it('sends the same batch again, with the same id, and the next one not before', async () => {
    await subscribe({ max_items: 2 });
    receiver.answer(503, 500, 204);
    await route(4);
    await start();
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).delivered === 2);
    expect(numbers()).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [3, 4],
    ]);
    expect(new Set(batches().map((batch) => batch.batch_id)).size).toBe(2);
    expect(new Set(receiver.requests.slice(0, 3).map(({ body }) => body.toString())).size).toBe(1);
  });

  it('adds nothing to a batch that is being sent, or was tried', async () => {
    await subscribe({ max_items: 10, max_wait_seconds: 5 });
    await route(2);
    const later = new Date(Date.now() + 6_000);
    const [claimed] = await claim(log.db, { now: later });
    await route(1);
    await log
      .db(TABLES.deliveries)
      .where({ id: claimed?.id })
      .update({ status: 'waiting', attempts: 1 });
    await route(1);

    const stored = await log.db(TABLES.deliveries).orderBy('id');
    expect(stored.map((row) => Number(row.item_count))).toEqual([2, 2]);
    expect(new Set(stored.map((row) => row.batch_id)).size).toBe(2);
  });

  it('owes each event once, whatever two sequencers and a worker do at the same time', async () => {
    await subscribe({ max_items: 7, max_wait_seconds: 0.05 });
    await start();
    const processes = log.processes(2).map((db) => makeProcess(db));
    for (let round = 0; round < 15; round += 1) {
      await addEvents(log.db, [{}, {}, {}, {}]);
      await Promise.all(processes.map((process) => process.sequence()));
      running[0]?.deliverer.wake();
    }
    await waitFor(async () => {
      const deliveries = await storedDeliveries(log.db);
      return deliveries.length > 0 && deliveries.every(({ settled }) => settled);
    });
    const received = numbers().flat();
    expect(received).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(await items()).toBe(60);
  });

  it('tells of a dead batch by its id', async () => {
    await subscribe({ max_items: 2 });
    receiver.answer(404);
    await route(2);
    await start();
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).dead === 1);
    const failed = (await storedEvents(log.db)).find(
      ({ eventType }) => eventType === 'webhook.delivery_failed',
    );
    const [batch] = batches();
    expect(failed?.body.payload).toMatchObject({ event_id: batch?.batch_id, event_type: 'batch' });
  });
});
