import { expect, it } from 'vitest';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { claim, settle, settlementOf } from '../factory/claims';
import { addEvents, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries } from '../factory/rows';

const WINDOW_MS = 60_000;

describeOnEachDatabase('Coalescing', (dialect) => {
  const log = useLog(dialect);
  let time = Date.now();

  const route = async (inputs: Parameters<typeof addEvents>[1], afterMs = 0) => {
    time += afterMs;
    await addEvents(log.db, inputs);
    await makeProcess(log.db, { clock: { now: () => new Date(time), random: () => 0 } }).sequence();
  };
  const subscribe = (order: 'none' | 'per_subject' = 'none') =>
    addSubscription(log.db, { delivery: { order, coalesce_seconds: WINDOW_MS / 1_000 } });
  const fates = async () =>
    (await storedDeliveries(log.db)).map(
      ({ sequenceNumber, status }) => `${sequenceNumber} ${status}`,
    );
  const lee = { subject: 'lee' };

  it('sends only the newest of several events of the same type and subject', async () => {
    await subscribe();
    await route([lee, { subject: 'mara' }, lee]);
    await route([lee], 10_000);
    expect(await fates()).toEqual(['1 superseded', '2 waiting', '3 superseded', '4 waiting']);
    const [first] = await storedDeliveries(log.db);
    expect(first).toMatchObject({
      settled: true,
      dueAt: null,
      reason: 'Superseded by a newer event about the same subject (sequence number 3)',
    });
  });

  it('sends it when the window ends that the first has opened, however many came after', async () => {
    await subscribe();
    const opened = time;
    await route([lee]);
    await route([lee], 25_000);
    await route([lee], 25_000);
    const last = (await storedDeliveries(log.db)).at(-1);
    expect(last?.dueAt?.getTime()).toBe(opened + WINDOW_MS);
    expect(await claim(log.db, { now: new Date(opened + WINDOW_MS - 1) })).toEqual([]);
    expect(await claim(log.db, { now: new Date(opened + WINDOW_MS) })).toHaveLength(1);
  });

  it('keeps apart types, subjects, languages and subscriptions', async () => {
    await subscribe();
    await subscribe();
    await route([
      { ...lee, type: 'entry.updated' },
      { ...lee, type: 'entry.published' },
      { ...lee, locale: 'en' },
      { ...lee, locale: 'de' },
      { ...lee, subjectType: 'api::show.show' },
    ]);
    expect((await fates()).filter((fate) => fate.endsWith('waiting'))).toHaveLength(10);
  });

  it('leaves alone what is being sent, what has been tried, and what is older than the window', async () => {
    await subscribe();
    await route([lee]);
    await claim(log.db, { now: new Date(time + WINDOW_MS) });
    await route([lee], 1_000);
    expect(await fates()).toEqual(['1 sending', '2 waiting']);

    await log.db(TABLES.deliveries).where({ status: 'waiting' }).update({ attempts: 1 });
    await route([lee], 1_000);
    expect(await fates()).toEqual(['1 sending', '2 waiting', '3 waiting']);

    await route([lee], WINDOW_MS + 1);
    expect(await fates()).toEqual(['1 sending', '2 waiting', '3 waiting', '4 waiting']);
  });

  it('leaves nothing waiting for what was superseded', async () => {
    await subscribe('per_subject');
    await route([lee]);
    await route([{ ...lee, type: 'entry.published' }], 1_000);
    // Both are due; the second is parked behind the first.
    const later = new Date(time + 2 * WINDOW_MS);
    await log.db(TABLES.deliveries).update({ due_at: time });
    expect(await claim(log.db, { now: later, limit: 1 })).toHaveLength(1);
    expect(await claim(log.db, { now: later })).toEqual([]);
    await log.db(TABLES.deliveries).where({ status: 'sending' }).update({ status: 'waiting' });
    await route([lee], 1_000);
    expect(await fates()).toEqual(['1 superseded', '2 waiting', '3 waiting']);

    const [claimed] = await claim(log.db, { now: later });
    expect(claimed?.eventType).toBe('entry.published');
    await settle(log.db, [settlementOf(claimed!)], later);
    expect(await claim(log.db, { now: new Date(time + 3 * WINDOW_MS) })).toMatchObject([
      { eventType: 'entry.updated' },
    ]);
  });
});
