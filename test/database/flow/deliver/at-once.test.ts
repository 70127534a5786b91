import { afterEach, beforeEach, expect, it } from 'vitest';
import { sequenceBatch } from '../../../../server/src/flow/sequence';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { startReceiver, type Receiver } from '../../../support/receiver';
import { waitFor } from '../../../support/wait-for';
import { addEvents, addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeProcess, type TestProcess } from '../../factory/process';
import { countByStatus, storedDeliveries } from '../../factory/rows';

describeOnEachDatabase('Sending at once what was just numbered', (dialect) => {
  const log = useLog(dialect);
  let receiver: Receiver;
  let running: TestProcess;

  beforeEach(async () => {
    receiver = await startReceiver();
    // It claims at its start, and then no more by itself.
    running = makeProcess(log.db, { settings: { pollMs: 60_000, drainMs: 50 } });
    await running.start();
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  afterEach(async () => {
    await running.stop();
    await receiver.close();
  });

  const sequence = () =>
    sequenceBatch(
      {
        ...running.sequencerPorts,
        offer: (ids) => running.deliverer.offer(ids, running.directory.knownTargets()),
      },
      500,
    );
  const statuses = async () => countByStatus(await storedDeliveries(log.db));
  const settled = (count: number) =>
    waitFor(async () => {
      const deliveries = await storedDeliveries(log.db);
      return deliveries.filter((delivery) => delivery.settled).length === count;
    });

  it('needs no claim', async () => {
    await addSubscription(log.db, { url: receiver.url() });
    await addEventsCounted(log.db, 1);
    expect(await sequence()).toMatchObject({ deliveries: 1, waiting: 0 });
    await settled(1);
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]?.headers).toMatchObject({ 'x-delivery-backlog': '1' });
    expect(await statuses()).toEqual({ delivered: 1 });
    expect(running.sentInTransaction).toBe(false);
  });

  it('holds what it sends by a lease', async () => {
    await addSubscription(log.db, { url: receiver.url() });
    receiver.answer({ hang: true });
    await addEventsCounted(log.db, 1);
    await sequence();
    const [delivery] = await storedDeliveries(log.db);
    const [lease] = await log.db(TABLES.leases);
    expect(await statuses()).toEqual({ sending: 1 });
    const [row] = await log.db(TABLES.deliveries).where({ delivery_id: delivery?.deliveryId });
    expect(lease).toMatchObject({
      token: row.lease_token,
      delivery_ids: JSON.stringify([Number(row.id)]),
    });
  });

  it('leaves to a claim what comes after an unsettled one of the same subject', async () => {
    await addSubscription(log.db, { url: receiver.url() });
    await addEvents(log.db, [{ subject: 'one' }, { subject: 'one' }, { subject: 'two' }]);
    expect(await sequence()).toMatchObject({ deliveries: 3, waiting: 1 });
    running.deliverer.wake();
    await waitFor(() => receiver.requests.length > 1);
    // Whatever is claimed meanwhile: the third one is not sent before the first one is settled.
    await waitFor(async () => {
      running.deliverer.wake();
      return (await statuses())['delivered'] === 3;
    });
    const numbers = receiver.requests.map(
      ({ body }) => (JSON.parse(String(body)) as { sequence_number: number }).sequence_number,
    );
    expect(numbers.indexOf(1)).toBeLessThan(numbers.indexOf(2));
  });

  it('leaves to a claim what comes after an unsettled one that was there before', async () => {
    await addSubscription(log.db, { url: receiver.url() });
    await addEvents(log.db, [{ subject: 'one' }]);
    await sequenceBatch(running.sequencerPorts, 500);
    await addEvents(log.db, [{ subject: 'one' }, { subject: 'two' }]);
    expect(await sequence()).toMatchObject({ deliveries: 2, waiting: 1 });
    await settled(1);
    expect((await storedDeliveries(log.db)).map(({ status }) => status)).toEqual([
      'waiting',
      'waiting',
      'delivered',
    ]);
  });

  it.runIf(dialect === 'postgres')('asks PostgreSQL no more than twice', async () => {
    await addSubscription(log.db, { url: receiver.url() });
    await addEventsCounted(log.db, 1);
    await sequence();
    await settled(1);
    await addEventsCounted(log.db, 1);
    const asked: string[] = [];
    const hear = ({ sql }: { sql: string }) => void asked.push(sql.slice(0, 6));
    log.db.on('query', hear);
    try {
      expect(await sequence()).toMatchObject({ deliveries: 1, waiting: 0 });
    } finally {
      log.db.removeListener('query', hear);
    }
    expect(asked.slice(0, 4)).toEqual(['BEGIN;', 'select', 'with "', 'COMMIT']);
    await settled(2);
  });

  it('leaves to a claim what is for a subscription that is held', async () => {
    const id = await addSubscription(log.db, { url: receiver.url() });
    await log
      .db(TABLES.subscriptions)
      .where({ id })
      .update({ held_until: Date.now() + 60_000 });
    await addEventsCounted(log.db, 2);
    expect(await sequence()).toMatchObject({ deliveries: 2, waiting: 2 });
    expect(await statuses()).toEqual({ waiting: 2 });
    expect(await log.db(TABLES.leases)).toEqual([]);
  });

  it('leaves to a claim what has a rate limit', async () => {
    await addSubscription(log.db, { url: receiver.url(), delivery: { rate_per_second: 5 } });
    await addEventsCounted(log.db, 1);
    expect(await sequence()).toMatchObject({ deliveries: 1, waiting: 1 });
  });

  it('sends nothing where the process has stopped', async () => {
    await addSubscription(log.db, { url: receiver.url() });
    await addEventsCounted(log.db, 1);
    await running.deliverer.stop();
    expect(await sequence()).toMatchObject({ deliveries: 1, waiting: 1 });
    expect(receiver.requests).toHaveLength(0);
  });
});
