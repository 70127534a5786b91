import { expect, it } from 'vitest';
import { makeRoute, type Route } from '../../../server/src/flow/route';
import { orderHash } from '../../../server/src/store/order-hash';
import { sequenceBatch } from '../../../server/src/flow/sequence';
import { lockSequence } from '../../../server/src/store/sequence-events';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { addEvents, addEventsCounted, addSubscription } from '../factory/facts';
import { newId, useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { lastNumber, storedDeliveries, storedEvents } from '../factory/rows';
import { oneTo } from '../factory/series';

describeOnEachDatabase('Sequencing', (dialect) => {
  const log = useLog(dialect);
  const numbers = async () =>
    (await storedEvents(log.db)).map(({ sequenceNumber }) => sequenceNumber);

  it('numbers events from 1 without a gap, in the order in which they were inserted', async () => {
    const { sequence } = makeProcess(log.db);
    await addEventsCounted(log.db, 25);
    await addEventsCounted(log.db, 5);

    expect(await sequence(7)).toMatchObject({ events: 30 });
    expect(await numbers()).toEqual(oneTo(30));

    await addEventsCounted(log.db, 10);
    expect(await sequence(7)).toMatchObject({ events: 10 });
    expect(await numbers()).toEqual(oneTo(40));
    expect(await lastNumber(log.db)).toBe(40);
  });

  it('tells when each event was produced, and takes one batch at a time', async () => {
    const producedAt = new Date(Date.now() + 60_000);
    const clock = { now: () => producedAt, random: () => 0 };
    const { sequencerPorts } = makeProcess(log.db, { clock });
    await addEventsCounted(log.db, 5);

    expect(await sequenceBatch(sequencerPorts, 3)).toMatchObject({
      events: 3,
      deliveries: 0,
      waiting: 0,
      more: true,
    });
    const moments = (await storedEvents(log.db)).map((event) => event.producedAt);
    expect(moments).toEqual([producedAt, producedAt, producedAt, null, null]);
    expect(await sequenceBatch(sequencerPorts, 3)).toMatchObject({
      events: 2,
      deliveries: 0,
      waiting: 0,
      more: false,
    });
    expect(await sequenceBatch(sequencerPorts, 3)).toMatchObject({
      events: 0,
      deliveries: 0,
      waiting: 0,
      more: false,
    });
  });

  it('never numbers or delivers an invalid event', async () => {
    await addSubscription(log.db);
    const { sequence } = makeProcess(log.db);
    await addEvents(log.db, [{}, { status: 'invalid' }, {}, { status: 'invalid' }, {}]);
    await sequence(2);

    expect(await numbers()).toEqual([1, null, 2, null, 3]);
    const statuses = (await storedEvents(log.db)).map(({ status }) => status);
    expect(statuses).toEqual(['sequenced', 'invalid', 'sequenced', 'invalid', 'sequenced']);
    expect(await storedDeliveries(log.db)).toHaveLength(3);
  });

  it('owes each event to each subscription that wants it, once', async () => {
    const all = await addSubscription(log.db, { event_types: ['*'] });
    const executives = await addSubscription(log.db, { event_types: ['executive.*'] });
    const german = await addSubscription(log.db, {
      event_types: ['entry.updated', 'executive.*'],
      filter: { locales: ['de'] },
    });
    const paused = await addSubscription(log.db, { state: 'paused' });
    for (const state of ['disabled', 'sandbox'] as const) await addSubscription(log.db, { state });
    await addEvents(log.db, [
      { type: 'entry.updated', locale: 'en' },
      { type: 'entry.updated', locale: 'de' },
      { type: 'executive.commissioner.promoted' },
    ]);

    await makeProcess(log.db).sequence(1);

    const deliveries = await storedDeliveries(log.db);
    const owed = (subscriptionId: string) =>
      deliveries
        .filter((delivery) => delivery.subscriptionId === subscriptionId)
        .map(({ sequenceNumber }) => sequenceNumber);
    expect(owed(all)).toEqual([1, 2, 3]);
    expect(owed(executives)).toEqual([3]);
    expect(owed(german)).toEqual([2, 3]);
    expect(owed(paused)).toEqual([1, 2, 3]);
    expect(deliveries).toHaveLength(9);
    const [first] = await storedEvents(log.db);
    expect(deliveries[0]).toMatchObject({
      eventId: first?.eventId,
      eventType: 'entry.updated',
      status: 'waiting',
      settled: false,
      replay: false,
      attempts: 0,
    });
  });

  it('gives a delivery the order that its subscription asks for', async () => {
    const orders = ['per_subject', 'strict', 'none'] as const;
    const ids = [];
    for (const order of orders) ids.push(await addSubscription(log.db, { delivery: { order } }));
    await addEvents(log.db, [{ subject: 'lee', subjectType: 'api::person.person' }]);
    await makeProcess(log.db).sequence();

    const deliveries = await storedDeliveries(log.db);
    const keys = ids.map(
      (id) => deliveries.find(({ subscriptionId }) => subscriptionId === id)?.orderHash,
    );
    const [perSubject, strict] = ids as [string, string];
    expect(keys).toEqual([
      orderHash(perSubject, 'api::person.person:lee'),
      orderHash(strict, '*'),
      null,
    ]);
  });

  it('routes an event for one subscription to that one alone, whatever its state', async () => {
    await addSubscription(log.db);
    const sandbox = await addSubscription(log.db, {
      state: 'sandbox',
      event_types: ['executive.*'],
    });
    await addEvents(log.db, [
      { type: 'webhook.test', onlyTo: sandbox },
      { type: 'webhook.test', onlyTo: newId() },
    ]);
    await makeProcess(log.db).sequence();

    expect(await storedDeliveries(log.db)).toMatchObject([
      { subscriptionId: sandbox, sequenceNumber: 1, orderHash: null },
    ]);
    expect(await numbers()).toEqual([1, 2]);
  });

  it('knows of a subscription that another process has just made', async () => {
    const { sequence } = makeProcess(log.db);
    await addEventsCounted(log.db, 1);
    await sequence();
    const added = await addSubscription(log.db);
    await addEventsCounted(log.db, 1);
    await sequence();
    expect(await storedDeliveries(log.db)).toMatchObject([
      { subscriptionId: added, sequenceNumber: 2 },
    ]);
  });

  it('takes fewer events at a time when many subscriptions want them', async () => {
    const routes = Array.from({ length: 600 }, () => routeToAll());
    const { sequencerPorts } = makeProcess(log.db);
    const ports = { ...sequencerPorts, routes: () => Promise.resolve(routes) };
    await addEventsCounted(log.db, 9);

    expect(await sequenceBatch(ports, 500)).toMatchObject({
      events: 8,
      deliveries: 4_800,
      waiting: 4_800,
      more: true,
    });
    expect(await sequenceBatch(ports, 500)).toMatchObject({
      events: 1,
      deliveries: 600,
      waiting: 600,
      more: false,
    });
    expect(await numbers()).toEqual(oneTo(9));
  });

  it('takes one event at a time at the least', async () => {
    const routes = Array.from({ length: 5_001 }, () => ({ ...routeToAll(), open: false }));
    const { sequencerPorts } = makeProcess(log.db);
    const ports = { ...sequencerPorts, routes: () => Promise.resolve(routes) };
    await addEventsCounted(log.db, 2);
    expect(await sequenceBatch(ports, 500)).toMatchObject({ events: 1, deliveries: 0, more: true });
  });

  it('takes the numbers back when the events cannot be routed', async () => {
    await addSubscription(log.db);
    await addEventsCounted(log.db, 3);
    const [, second] = await storedEvents(log.db);
    const process = makeProcess(log.db);
    const failing: Route = {
      ...routeToAll(),
      matches: ({ id }) => {
        if (id === second?.id) throw new Error('a rule that fails');
        return true;
      },
    };
    const ports = { ...process.sequencerPorts, routes: () => Promise.resolve([failing]) };

    await expect(sequenceBatch(ports, 500)).rejects.toThrow('a rule that fails');
    await expectNothingNumbered();

    await process.sequence();
    expect(await numbers()).toEqual([1, 2, 3]);
    expect(await storedDeliveries(log.db)).toHaveLength(3);
  });

  it('takes the numbers back when the deliveries cannot be written', async () => {
    await addSubscription(log.db);
    await addEventsCounted(log.db, 3);
    const process = makeProcess(log.db);
    const ports = { ...process.sequencerPorts, newId: () => 'the same for all' };

    await expect(sequenceBatch(ports, 500)).rejects.toThrow(/unique|duplicate/i);
    await expectNothingNumbered();

    await process.sequence();
    expect(await numbers()).toEqual([1, 2, 3]);
    expect(await storedDeliveries(log.db)).toHaveLength(3);
  });

  it('gives each number and each delivery once, however many processes are at it', async () => {
    const wanted = await addSubscription(log.db, { event_types: ['entry.*'] });
    const processes = log.processes(4).map((db) => makeProcess(db));
    const [first, ...others] = processes;
    let writing = true;
    const sequencing = processes.map(async ({ sequence }) => {
      while (writing) await sequence(20);
    });
    const writers = [first!, ...others].map(async ({ db }) => {
      for (let batch = 0; batch < 10; batch += 1) {
        await addEvents(db, [{ type: 'entry.created' }, { type: 'executive.created' }, {}]);
      }
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(sequencing);
    await first!.sequence();

    const given = (await storedEvents(log.db)).map(({ sequenceNumber }) => sequenceNumber);
    expect(given.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(oneTo(120));
    const deliveries = await storedDeliveries(log.db);
    expect(new Set(deliveries.map(({ eventId }) => eventId)).size).toBe(80);
    expect(deliveries).toHaveLength(80);
    expect(new Set(deliveries.map(({ subscriptionId }) => subscriptionId))).toEqual(
      new Set([wanted]),
    );
  });

  async function expectNothingNumbered(): Promise<void> {
    expect(await numbers()).toEqual([null, null, null]);
    expect(await lastNumber(log.db)).toBe(0);
    expect(await storedDeliveries(log.db)).toEqual([]);
  }
});

describeOnEachDatabase(
  'Sequencing in several processes',
  (dialect) => {
    const log = useLog(dialect);

    it('is left to the one that is at it, without waiting', async () => {
      const [holder, other] = log.processes(2);
      await addEventsCounted(log.db, 1);
      const trx = await holder!.transaction();
      try {
        expect(await lockSequence(trx, 1)).toMatchObject({ last: 0 });
        expect(await makeProcess(other!).sequence()).toMatchObject({ events: 0 });
        expect(await log.db(TABLES.events).whereNotNull('sequence_number')).toEqual([]);
      } finally {
        await trx.rollback();
      }
      expect(await makeProcess(other!).sequence()).toMatchObject({ events: 1 });
    });
  },
  ['postgres', 'mysql'],
);

function routeToAll(): Route {
  const scope = { territories: [], genres: [], content_types: [] };
  const filter = { subject_types: [], locales: [], changed: [], scope, condition: null };
  const delivery = { order: 'none' as const, coalesce_seconds: 0 };
  const settings = { event_types: ['*'], filter, delivery, shape: { batch: null } };
  return makeRoute({ id: newId(), open: true, settings, partner: null });
}
