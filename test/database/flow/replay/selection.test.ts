import { expect, it } from 'vitest';
import { selectFrom } from '../../../../server/src/flow/replay/select';
import { orderHash } from '../../../../server/src/store/order-hash';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { addEvents, addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeReplayer, replayedNumbers, settleWaiting, useReplays } from '../../factory/replays';
import { storedDeliveries } from '../../factory/rows';
import { oneTo } from '../../factory/series';

describeOnEachDatabase('What is replayed', (dialect) => {
  const log = useLog(dialect);
  const { process, clock, replayer } = useReplays(log);

  it('is, of the missing, exactly what the subscription wants and was never owed', async () => {
    const other = await addSubscription(log.db);
    await addEvents(log.db, [
      { type: 'entry.created', subject: 'a' },
      { type: 'entry.deleted', subject: 'a' },
      { type: 'entry.updated', subject: 'b', changed: ['title'] },
      { type: 'entry.updated', subject: 'b', changed: ['age'] },
      { type: 'entry.created', subject: 'c', status: 'invalid' },
    ]);
    await process.sequence();
    const id = await addSubscription(log.db, {
      event_types: ['entry.created', 'entry.updated'],
      filter: { changed: ['title'] },
    });
    await addEvents(log.db, [
      { type: 'entry.created', onlyTo: other },
      { type: 'entry.created', subject: 'd' },
    ]);
    await process.sequence();
    const unnumbered = await addEvents(log.db, [{ type: 'entry.created' }]);
    expect(unnumbered).toHaveLength(1);

    const body = { subscription_id: id, missing: true };
    expect(await replayer.count(body)).toBe(2);
    expect(await replayer.count({ ...body, event_types: ['*.created'] })).toBe(1);
    const replay = await replayer.start(body);
    expect(replay.matched).toBe(2);
    await replayer.run();

    const made = (await storedDeliveries(log.db)).filter((delivery) => delivery.replay);
    expect(made).toMatchObject([
      {
        subscriptionId: id,
        sequenceNumber: 1,
        orderHash: orderHash(id, 'replay:api::person.person:a'),
      },
      {
        subscriptionId: id,
        sequenceNumber: 3,
        orderHash: orderHash(id, 'replay:api::person.person:b'),
      },
    ]);
    expect(await replayer.count(body)).toBe(0);
  });

  it('is what was delivered or dead when no status is named, each event once', async () => {
    const id = await addSubscription(log.db, { delivery: { order: 'none' } });
    const other = await addSubscription(log.db);
    await addEventsCounted(log.db, 6);
    await addEvents(log.db, [{ type: 'webhook.test', onlyTo: id }]);
    await process.sequence();
    await settleWaiting(log.db, 'delivered', { subscriptionId: id, numbers: [1, 4, 7] });
    await settleWaiting(log.db, 'dead', { subscriptionId: id, numbers: [2] });
    await settleWaiting(log.db, 'cancelled', { subscriptionId: id, numbers: [3] });
    await settleWaiting(log.db, 'superseded', { subscriptionId: id, numbers: [5] });
    await settleWaiting(log.db, 'dead', { subscriptionId: other });

    const body = { subscription_id: id };
    expect(await replayer.count(body)).toBe(3);
    expect(await replayer.count({ ...body, status: 'dead' })).toBe(1);
    expect(await replayer.count({ ...body, status: 'cancelled' })).toBe(1);
    expect(await replayer.count({ ...body, status: 'superseded' })).toBe(1);
    await replayer.start(body);
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual([1, 2, 4]);
    expect(await replayedNumbers(log.db, other)).toEqual([]);
  });

  it('is the same events, not more of them, when what was replayed is replayed', async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 4);
    await process.sequence();
    await settleWaiting(log.db, 'dead');
    const body = { subscription_id: id, status: 'dead' };
    for (const round of [1, 2, 3]) {
      expect(await replayer.count(body), `round ${round}`).toBe(4);
      await replayer.start(body);
      await replayer.run();
      expect(await replayer.count(body), 'while they are on their way').toBe(0);
      await settleWaiting(log.db, 'dead', { at: clock.now() });
      await replayer.run();
    }
    await replayer.start(body);
    await replayer.run();
    await settleWaiting(log.db, 'delivered', { at: clock.now() });
    expect(await replayer.count(body), 'once they were delivered').toBe(0);
    expect(await replayedNumbers(log.db, id)).toEqual([1, 2, 3, 4].flatMap(() => oneTo(4)));
  });

  it('goes in sequence order, whichever way the deliveries came about', async () => {
    await addEventsCounted(log.db, 5);
    await process.sequence();
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 5);
    await process.sequence();
    await replayer.start({ subscription_id: id, missing: true });
    await replayer.run();
    await settleWaiting(log.db, 'delivered', { at: clock.now() });
    await replayer.run();
    await log.db(TABLES.deliveries).where({ replay: true }).update({ replay_ref: null });
    await log.db(TABLES.replays).delete();

    const replay = await replayer.start({ subscription_id: id });
    expect(replay.matched).toBe(10);
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual([...oneTo(5), ...oneTo(10)]);
  });

  it('is bounded by the moment of the start: nothing numbered or settled later is taken', async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 6);
    await process.sequence();
    await settleWaiting(log.db, 'delivered', { numbers: [1, 2, 3] });
    const replay = await replayer.start({ subscription_id: id, rate_per_second: 4 });
    await replayer.step();
    clock.move(1_000);
    await addEventsCounted(log.db, 5);
    await process.sequence();
    await settleWaiting(log.db, 'delivered', { at: clock.now(), replay: false });
    await replayer.run();

    expect(replay.matched).toBe(3);
    expect(await replayedNumbers(log.db, id)).toEqual([1, 2, 3]);
  });

  it('ends with what was missing at the start, though more is missed meanwhile', async () => {
    const id = await addSubscription(log.db, { state: 'sandbox' });
    await addEventsCounted(log.db, 3);
    await process.sequence();
    await replayer.start({ subscription_id: id, missing: true, rate_per_second: 4 });
    await replayer.step();
    await addEventsCounted(log.db, 3);
    await process.sequence();
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual([1, 2, 3]);
    expect(await replayer.count({ subscription_id: id, missing: true })).toBe(3);
  });

  it('is narrowed by the time at which the events occurred', async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 6);
    await process.sequence();
    const at = (minute: number) => Date.UTC(2026, 0, 17, 12, minute);
    // The second and third occurred out of order.
    for (const [index, minute] of [0, 2, 1, 3, 4, 5].entries()) {
      const row = log.db(TABLES.events).where({ sequence_number: index + 1 });
      await row.update({ occurred_at: at(minute) });
    }
    await settleWaiting(log.db, 'delivered');
    const span = {
      subscription_id: id,
      since: new Date(at(2)).toISOString(),
      until: new Date(at(4)).toISOString(),
    };
    expect(await replayer.count(span)).toBe(2);
    expect(await replayer.count({ subscription_id: id, since: span.since })).toBe(4);
    expect(await replayer.count({ subscription_id: id, until: span.until })).toBe(4);
    expect(await replayer.count({ subscription_id: id, since: '2030-01-01T00:00:00Z' })).toBe(0);
    await replayer.start(span);
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual([2, 4]);
  });

  it('is found at once where little of a long log qualifies', async () => {
    const id = await addSubscription(log.db);
    const event = { event_type: 'entry.updated', body: '}', changed: '[]' };
    await addEventsCounted(log.db, 3);
    await process.sequence();
    const [template] = (await log.db(TABLES.events).limit(1)) as Record<string, unknown>[];
    const rows = Array.from({ length: 400 }, (_, index) => ({
      ...template,
      ...event,
      id: 1_000_000 + index,
      event_id: `filler-${index}`,
      sequence_number: (index + 1) * 1_000,
      release_number: (index + 1) * 1_000,
    }));
    for (let start = 0; start < rows.length; start += 100) {
      await log.db(TABLES.events).insert(rows.slice(start, start + 100));
    }
    await log.db(TABLES.state).where({ name: 'sequence' }).update({ value: 400_000 });
    const far = { event_ref: 1_000_399, sequence_number: 400_000 };
    await log.db(TABLES.deliveries).where({ sequence_number: 3 }).update(far);
    await settleWaiting(log.db, 'dead');

    await replayer.start({ subscription_id: id, status: 'dead', rate_per_second: 1_000 });
    await replayer.step();
    expect(await replayedNumbers(log.db, id)).toEqual([1, 2, 400_000]);
  });

  it('is, of the missing, only what the condition of the rule holds of', async () => {
    await addEvents(log.db, [
      { type: 'entry.created' },
      { type: 'entry.updated' },
      { type: 'entry.created' },
      { type: 'entry.deleted' },
    ]);
    await process.sequence();
    const id = await addSubscription(log.db, { filter: { condition: 'entry.created' } });
    expect(await replayer.count({ subscription_id: id, missing: true })).toBe(2);
    await replayer.start({ subscription_id: id, missing: true });
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual([1, 3]);
  });

  it('has no gap where one look at the log ends and the next begins', async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 9);
    await process.sequence();
    await settleWaiting(log.db, 'dead');
    const body = { subscription_id: id, rate_per_second: 4 };
    for (const round of [1, 2, 3]) {
      await replayer.start(body);
      await replayer.run();
      expect(await replayedNumbers(log.db, id)).toEqual(Array(round).fill(oneTo(9)).flat());
      await settleWaiting(log.db, 'dead', { at: clock.now() });
      await replayer.run();
    }
  });

  it('jumps over deliveries that do not qualify, however many', async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 50);
    await process.sequence();
    await settleWaiting(log.db, 'dead', { numbers: [1, 50] });
    await settleWaiting(log.db, 'delivered');
    const rule = await replayer.ports.rule(id);
    const scope = {
      subscriptionId: id,
      missing: false,
      status: 'dead',
      eventTypes: [],
      since: null,
      until: null,
      settledBy: clock.now(),
      upTo: 50,
    } as const;
    const look = (position: number, change: object = {}) =>
      selectFrom(replayer.ports, {
        scope: { ...scope, ...change },
        rule: rule!,
        position,
        window: 5,
      });
    expect(await look(1)).toEqual({ units: [], position: 49 });
    expect(await look(49)).toMatchObject({ units: [{ sequenceNumber: 50 }], position: 50 });
    expect(await look(1, { status: 'cancelled' })).toEqual({ units: [], position: 50 });
    expect(await look(1, { upTo: 30 })).toEqual({ units: [], position: 30 });
  });

  it('is counted by a dry run that writes nothing at all', async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 7);
    await process.sequence();
    await settleWaiting(log.db, 'dead');
    const everything = async () =>
      JSON.stringify(await Promise.all(Object.values(TABLES).map((table) => log.db(table))));
    const before = await everything();
    expect(await replayer.count({ subscription_id: id })).toBe(7);
    expect(await replayer.step()).toBe(false);
    expect(await everything()).toBe(before);
  });

  it('is refused a count that would take too long, and starts uncounted', async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 2);
    await process.sequence();
    await log.db(TABLES.state).where({ name: 'sequence' }).update({ value: 5_000 });
    await log.db(TABLES.events).where({ sequence_number: 2 }).update({ sequence_number: 5_000 });
    await settleWaiting(log.db, 'dead');
    const impatient = makeReplayer(process, clock, { settings: { countSeconds: 0 } });
    const body = { subscription_id: id, missing: true };
    await expect(impatient.count(body)).rejects.toThrow(/longer than 0 s.*since and until/);
    expect(await impatient.start(body)).toMatchObject({ matched: null, state: 'running' });
  });
});
