import { expect, it } from 'vitest';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { claim, settle, settlementOf } from '../factory/claims';
import { addEvents, addEventsCounted, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries } from '../factory/rows';

const MINUTE = 60_000;

describeOnEachDatabase('Claiming deliveries', (dialect) => {
  const log = useLog(dialect);
  const sequence = () => makeProcess(log.db).sequence();

  /** Sequence numbers of what is claimed now, or at another moment. */
  const claimed = async (input: Parameters<typeof claim>[1] = {}) => {
    const deliveries = await storedDeliveries(log.db);
    const ids = (await claim(log.db, input)).map(({ id }) => id);
    return deliveries
      .filter(({ id }) => ids.includes(id))
      .map(({ sequenceNumber }) => sequenceNumber);
  };

  it('leases what it claims to its worker', async () => {
    await addSubscription(log.db);
    await addEventsCounted(log.db, 1);
    await sequence();
    const until = new Date(Date.now() + MINUTE);

    const [delivery] = await claim(log.db, { until });

    const [stored] = await storedDeliveries(log.db);
    expect(stored).toMatchObject({
      id: delivery?.id,
      deliveryId: delivery?.deliveryId,
      status: 'sending',
      settled: false,
      attempts: 0,
      leaseToken: delivery?.leaseToken,
    });
    expect(await log.db(TABLES.leases)).toMatchObject([
      { token: delivery?.leaseToken, delivery_ids: JSON.stringify([delivery?.id]) },
    ]);
    expect(await claim(log.db)).toEqual([]);
  });

  it('gives no delivery to two workers', async () => {
    await addSubscription(log.db, { delivery: { order: 'none' } });
    await addEventsCounted(log.db, 300);
    await sequence();

    const work = async (db: typeof log.db) => {
      const mine: number[] = [];
      for (let empty = 0; empty < 3;) {
        const batch = await claim(db, { limit: 20 });
        mine.push(...batch.map(({ id }) => id));
        empty = batch.length === 0 ? empty + 1 : 0;
      }
      return mine;
    };
    const workers = log.processes(4).map(work);
    const ids = (await Promise.all(workers)).flat();

    expect(ids).toHaveLength(300);
    expect(new Set(ids).size).toBe(300);
  });

  it('leaves what is not due yet', async () => {
    await addSubscription(log.db);
    await addEventsCounted(log.db, 2);
    await sequence();
    const [first] = await storedDeliveries(log.db);
    const later = new Date(Date.now() + MINUTE);
    await log.db(TABLES.deliveries).where({ id: first?.id }).update({ due_at: later.getTime() });

    expect(await claimed()).toEqual([2]);
    expect(await claimed({ now: new Date(later.getTime() - 1) })).toEqual([]);
    expect(await claimed({ now: later })).toEqual([1]);
  });

  it('takes what has been due longest first', async () => {
    await addSubscription(log.db);
    await addEventsCounted(log.db, 5);
    await sequence();
    const deliveries = await storedDeliveries(log.db);
    const ages = [3, 1, 5, 2, 4];
    for (const [index, { id }] of deliveries.entries()) {
      const dueAt = Date.now() - (ages[index] ?? 0) * MINUTE;
      await log.db(TABLES.deliveries).where({ id }).update({ due_at: dueAt });
    }

    expect(await claimed({ limit: 2 })).toEqual([3, 5]);
    expect(await claimed({ limit: 2 })).toEqual([1, 4]);
    expect(await claimed({ limit: 2 })).toEqual([2]);
  });

  it('passes over subscriptions that have enough on their hands', async () => {
    const busy = await addSubscription(log.db);
    const free = await addSubscription(log.db);
    await addEventsCounted(log.db, 3);
    await sequence();

    const deliveries = await claim(log.db, { busy: [busy] });
    expect(deliveries.map(({ subscriptionId }) => subscriptionId)).toEqual([free, free, free]);
  });

  it('passes over subscriptions that nothing may be sent to', async () => {
    // A moment when all of it is due.
    const now = new Date(Date.now() + MINUTE);
    const soon = new Date(now.getTime() + MINUTE);
    const past = new Date(now.getTime() - MINUTE);
    const open = [
      await addSubscription(log.db),
      await addSubscription(log.db, { heldUntil: past }),
      await addSubscription(log.db, { heldUntil: now }),
    ];
    const held = await addSubscription(log.db, { heldUntil: soon });
    const closed = [await addSubscription(log.db), await addSubscription(log.db)];
    await addEventsCounted(log.db, 1);
    await sequence();
    const close = (id: string | undefined, state: string) =>
      log.db(TABLES.subscriptions).where({ id }).update({ state });
    await close(closed[0], 'paused');
    await close(closed[1], 'disabled');

    const subscriptionsOf = (deliveries: { subscriptionId: string }[]) =>
      deliveries.map(({ subscriptionId }) => subscriptionId).sort();
    expect(subscriptionsOf(await claim(log.db, { now }))).toEqual([...open].sort());
    expect(subscriptionsOf(await claim(log.db, { now: soon }))).toEqual([held]);
    await close(closed[0], 'active');
    expect(subscriptionsOf(await claim(log.db, { now }))).toEqual([closed[0]]);
  });

  it('sends the events of one subject one after the other, and those of others beside them', async () => {
    await addSubscription(log.db, { delivery: { order: 'per_subject' } });
    await addEvents(
      log.db,
      ['lee', 'lee', 'mara', 'lee', 'mara'].map((subject) => ({ subject })),
    );
    await sequence();

    const [lee, mara] = await claim(log.db);
    expect(await numbersOf([lee, mara])).toEqual([1, 3]);
    expect(await claimed()).toEqual([]);

    // A delivery that is to be tried again later still holds back what comes after it.
    const dueAt = new Date(Date.now() + MINUTE);
    await settle(log.db, [settlementOf(lee!, { status: 'waiting', dueAt })]);
    expect(await claimed()).toEqual([]);

    await settle(log.db, [settlementOf(mara!)]);
    expect(await claimed()).toEqual([5]);

    const [again] = await claim(log.db, { now: dueAt });
    expect(await numbersOf([again])).toEqual([1]);
    await settle(log.db, [settlementOf(again!, { status: 'dead', reason: 'Gave up' })]);
    expect(await claimed()).toEqual([2]);
  });

  it('tells subjects of different types with the same id apart', async () => {
    await addSubscription(log.db);
    await addEvents(
      log.db,
      ['api::person.person', 'api::show.show'].map((subjectType) => ({
        subject: 'x',
        subjectType,
      })),
    );
    await sequence();
    expect(await claimed()).toEqual([1, 2]);
  });

  it('keeps the order of each subscription to itself', async () => {
    await addSubscription(log.db);
    await addSubscription(log.db);
    await addEvents(log.db, [{ subject: 'lee' }, { subject: 'lee' }]);
    await sequence();

    const [first, second] = await claim(log.db);
    expect(await numbersOf([first, second])).toEqual([1, 1]);
    await settle(log.db, [settlementOf(first!)]);
    expect(await claimed()).toEqual([2]);
  });

  it('sends everything one after the other where the order is strict', async () => {
    await addSubscription(log.db, { delivery: { order: 'strict' } });
    await addEventsCounted(log.db, 3);
    await sequence();

    for (const number of [1, 2, 3]) {
      const batch = await claim(log.db);
      expect(await numbersOf(batch)).toEqual([number]);
      expect(await claimed()).toEqual([]);
      await settle(
        log.db,
        batch.map((delivery) => settlementOf(delivery)),
      );
    }
  });

  it('sends everything at once where no order is asked for', async () => {
    await addSubscription(log.db, { delivery: { order: 'none' } });
    await addEvents(log.db, [{ subject: 'lee' }, { subject: 'lee' }, { subject: 'lee' }]);
    await sequence();
    expect(await claimed()).toEqual([1, 2, 3]);
  });

  async function numbersOf(
    deliveries: ({ id: number } | undefined)[],
  ): Promise<(number | undefined)[]> {
    const stored = await storedDeliveries(log.db);
    const numbers = new Map(stored.map(({ id, sequenceNumber }) => [id, sequenceNumber]));
    return deliveries.map((delivery) => numbers.get(delivery?.id ?? 0));
  }
});
