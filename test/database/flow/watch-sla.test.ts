import { beforeEach, expect, it } from 'vitest';
import type { Sla } from '../../../server/src/domain/sla';
import { watchSla, type SlaCrossing } from '../../../server/src/flow/watch-sla';
import { sumDeadlineCounts } from '../../../server/src/store/count-deadlines';
import { ownTransaction } from '../../../server/src/store/database';
import { readSlaBreaches } from '../../../server/src/store/sla-breaches';
import { STATE, TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { addEvents, addSubscription, newEvent } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries, storedEvents } from '../factory/rows';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SLA: Sla = { withinSeconds: 300, share: 0.9 };
const TYPE = 'entry.updated';

describeOnEachDatabase('Promises on delivery', (dialect) => {
  const log = useLog(dialect);
  let now: number;

  beforeEach(() => {
    now = Date.parse('2026-01-17T12:00:00Z');
  });

  const clock = { now: () => new Date(now), random: () => 0 };
  const watch = (db = log.db, change: { minimumSamples?: number; freshMs?: number } = {}) =>
    watchSla(
      {
        transaction: (work) => ownTransaction(db, work),
        clock,
        crossed: ({ eventType, direction }: SlaCrossing) =>
          newEvent({ type: 'metric.threshold_crossed', subject: `${eventType} ${direction}` }),
      },
      {
        promises: new Map([[TYPE, SLA]]),
        windowMs: 24 * HOUR,
        minimumSamples: change.minimumSamples ?? 1,
        freshMs: change.freshMs ?? 30_000,
      },
    );
  const sums = async () =>
    Object.fromEntries(await sumDeadlineCounts(log.db, new Date(now - 24 * HOUR)));

  /** Deliveries of as many events, one after the other, each with its deadline five minutes from now. */
  const owed = async (count: number, type = TYPE) => {
    const process = makeProcess(log.db, { clock });
    const before = (await storedDeliveries(log.db)).map(({ id }) => id);
    const events = await addEvents(
      log.db,
      Array.from({ length: count }, () => ({ type })),
    );
    await log
      .db(TABLES.events)
      .whereIn(
        'event_id',
        events.map(({ eventId }) => eventId),
      )
      .update({ occurred_at: now });
    process.sequencerPorts.within = (eventType) => (eventType === TYPE ? SLA.withinSeconds : null);
    await process.sequence();
    return (await storedDeliveries(log.db))
      .map(({ id }) => id)
      .filter((id) => !before.includes(id));
  };
  const settle = (ids: number[], status: string, at: number) =>
    log.db(TABLES.deliveries).whereIn('id', ids).update({ status, settled: true, settled_at: at });

  it('count a delivery as kept or missed by its deadline, whatever becomes of it later', async () => {
    await addSubscription(log.db);
    const [kept, late, dead, waiting, cancelled, superseded] = (await owed(6)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    await settle([kept], 'delivered', now + 299_000);
    await settle([late], 'delivered', now + 301_000);
    await settle([dead], 'dead', now + 1_000);
    await settle([cancelled], 'cancelled', now + 1_000);
    await settle([superseded], 'superseded', now + 1_000);

    now += 5 * MINUTE + 10_000;
    await watch();
    // The count stays half a minute behind: what is written late is still seen.
    expect(await sums()).toEqual({});

    now += MINUTE;
    await watch();
    expect(await sums()).toEqual({ [TYPE]: { kept: 1, missed: 3 } });

    await settle([waiting], 'delivered', now);
    now += 10 * MINUTE;
    await watch();
    expect(await sums()).toEqual({ [TYPE]: { kept: 1, missed: 3 } });
  });

  it('count an event once for each subscription, and none without a promise', async () => {
    await addSubscription(log.db);
    await addSubscription(log.db);
    await owed(2);
    await owed(3, 'entry.created');
    now += 10 * MINUTE;
    await watch();
    expect(await sums()).toEqual({ [TYPE]: { kept: 0, missed: 4 } });
  });

  it('count what was late before it could even be numbered', async () => {
    await addSubscription(log.db);
    await watch();
    const process = makeProcess(log.db, { clock });
    process.sequencerPorts.within = () => SLA.withinSeconds;
    const [event] = await addEvents(log.db, [{ type: TYPE }]);
    await log
      .db(TABLES.events)
      .where({ event_id: event!.eventId })
      .update({ occurred_at: now - HOUR });
    await process.sequence();
    const [delivery] = await storedDeliveries(log.db);
    await settle([delivery!.id], 'delivered', now + 5);
    now += 2 * MINUTE;
    await watch();
    expect(await sums()).toEqual({ [TYPE]: { kept: 0, missed: 1 } });
  });

  it('tell once that they are broken, and once that they are kept again', async () => {
    await addSubscription(log.db);
    const told: string[] = [];
    const look = async () => void told.push(...(await watch()).map(({ direction }) => direction));

    await settle(await owed(17), 'delivered', now + 1_000);
    await owed(3);
    now += 10 * MINUTE;
    await look();
    now += MINUTE;
    await look();
    expect(told).toEqual(['below']);
    expect([...(await readSlaBreaches(log.db)).keys()]).toEqual([TYPE]);

    await settle(await owed(20), 'delivered', now + 1_000);
    now += 10 * MINUTE;
    await look();
    now += MINUTE;
    await look();
    expect(told).toEqual(['below', 'above']);
    expect([...(await readSlaBreaches(log.db)).keys()]).toEqual([]);

    const events = await storedEvents(log.db);
    const alerts = events.filter(({ eventType }) => eventType === 'metric.threshold_crossed');
    expect(alerts).toHaveLength(2);
  });

  it('are not broken by fewer deliveries than the minimum', async () => {
    await addSubscription(log.db);
    await owed(3);
    now += 10 * MINUTE;
    expect(await watch(log.db, { minimumSamples: 4 })).toEqual([]);
    now += MINUTE;
    expect(await watch(log.db, { minimumSamples: 3 })).toMatchObject([
      { eventType: TYPE, direction: 'below', samples: { kept: 0, missed: 3 } },
    ]);
  });

  it('forget what has left the window', async () => {
    await addSubscription(log.db);
    await owed(4);
    now += HOUR;
    expect(await watch()).toMatchObject([{ direction: 'below' }]);
    now += 24 * HOUR;
    expect(await watch()).toMatchObject([{ direction: 'above' }]);
    expect(await sums()).toEqual({});
    expect(await log.db(TABLES.slaCounts)).toEqual([]);
  });

  it('are counted once, however many processes count, and not again so soon', async () => {
    await addSubscription(log.db);
    await owed(10);
    now += 10 * MINUTE;
    const processes = log.processes(4);
    const crossings = await Promise.all(processes.map((db) => watch(db)));
    expect(crossings.flat()).toHaveLength(1);
    const countedUntil = () => log.db(TABLES.state).where({ name: STATE.slaCountedUntil });
    const before: unknown = await countedUntil();
    now += 20_000;
    expect((await Promise.all(processes.map((db) => watch(db)))).flat()).toEqual([]);
    expect(await countedUntil()).toEqual(before);
    expect(await sums()).toEqual({ [TYPE]: { kept: 0, missed: 10 } });
  });

  it('are counted over several spans when nobody has counted for long', async () => {
    await addSubscription(log.db);
    for (let hour = 0; hour < 3; hour += 1) {
      await owed(2);
      now += HOUR;
    }
    await watch();
    expect(await log.db(TABLES.slaCounts)).toHaveLength(3);
    expect(await sums()).toEqual({ [TYPE]: { kept: 0, missed: 6 } });
  });
});
