import { expect, it } from 'vitest';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { claim } from '../../factory/claims';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';
import {
  evaluate,
  makeReplayer,
  replayedNumbers,
  settleWaiting,
  useReplays,
} from '../../factory/replays';
import { countByStatus, storedDeliveries } from '../../factory/rows';
import { oneTo } from '../../factory/series';

const LEASE_MS = 30_000;

describeOnEachDatabase('Running a replay', (dialect) => {
  const log = useLog(dialect);
  const { process, clock, replayer } = useReplays(log);

  /** A subscription with this many dead letters. */
  const dead = async (count: number) => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, count);
    await process.sequence();
    await settleWaiting(log.db, 'dead');
    return id;
  };
  const made = async (id: string) => (await replayedNumbers(log.db, id)).length;

  it('keeps the rate that was asked for, in all processes together', async () => {
    const id = await dead(60);
    const others = log.processes(2).map((db) => makeReplayer(makeProcess(db), clock));
    await replayer.start({ subscription_id: id, rate_per_second: 8 });
    for (let quarter = 0; quarter < 12; quarter += 1) {
      await Promise.all(others.map(({ step }) => step()));
      await Promise.all(others.map(({ step }) => step()));
      expect(await made(id), `after ${quarter * 250} ms`).toBe(2 * (quarter + 1));
      clock.move(249);
      expect(await Promise.all(others.map(({ step }) => step()))).toEqual([false, false]);
      clock.move(1);
    }
  });

  it('comes to its end, and is done once all that it made is settled', async () => {
    const id = await dead(30);
    const { id: replayId } = await replayer.start({ subscription_id: id });
    await replayer.run();
    expect(await replayer.service.find(replayId)).toMatchObject({
      state: 'running',
      matched: 30,
      progress: { scheduled: 30, waiting: 30, delivered: 0, dead: 0, cancelled: 0 },
      finished_at: null,
    });
    await settleWaiting(log.db, 'delivered', { at: clock.now(), numbers: oneTo(29) });
    await replayer.step();
    expect((await replayer.service.find(replayId)).state).toBe('running');
    await settleWaiting(log.db, 'dead', { at: clock.now() });
    clock.move(1_000);
    await replayer.step();
    expect(await replayer.service.find(replayId)).toMatchObject({
      state: 'done',
      reason: null,
      progress: { scheduled: 30, waiting: 0, delivered: 29, dead: 1, cancelled: 0 },
      finished_at: clock.now().toISOString(),
    });
    clock.move(60_000);
    expect(await replayer.step()).toBe(false);
  });

  it('is done at once when nothing matches', async () => {
    const id = await dead(0);
    const { id: replayId } = await replayer.start({ subscription_id: id });
    await replayer.step();
    expect(await replayer.service.find(replayId)).toMatchObject({ state: 'done', matched: 0 });
  });

  it('goes on where it was when its process was killed in the middle', async () => {
    const id = await dead(40);
    const { id: replayId } = await replayer.start({ subscription_id: id, rate_per_second: 40 });
    await replayer.step();
    // Killed with the lease, before the step's deliveries are committed.
    let transactions = 0;
    const killed = makeReplayer(process, clock, {
      ports: {
        transaction: (work) => {
          transactions += 1;
          return replayer.ports.transaction(async (trx) => {
            const result = await work(trx);
            if (transactions > 1) return new Promise<never>((_, die) => die(new Killed()));
            return result;
          });
        },
      },
    });
    clock.move(1_000);
    await expect(killed.step()).rejects.toThrow(Killed);

    expect(await made(id)).toBe(10);
    expect(await replayer.step(), 'while the lease runs').toBe(false);
    clock.move(LEASE_MS);
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual(oneTo(40));
    expect(await replayer.service.find(replayId)).toMatchObject({ progress: { scheduled: 40 } });
  });

  it('makes nothing twice when the answer to a commit is lost', async () => {
    const id = await dead(20);
    await replayer.start({ subscription_id: id, rate_per_second: 40 });
    let lost = 0;
    const unlucky = makeReplayer(process, clock, {
      ports: {
        transaction: async (work) => {
          const result = await replayer.ports.transaction(work);
          lost += 1;
          if (lost === 2) throw Object.assign(new Error('lost'), { code: 'ECONNRESET' });
          return result;
        },
      },
    });
    await unlucky.step();
    expect(lost).toBeGreaterThan(2);
    expect(await replayedNumbers(log.db, id)).toEqual(oneTo(10));
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual(oneTo(20));
  });

  it('makes nothing for a process that was taken for dead and comes back', async () => {
    const id = await dead(40);
    await replayer.start({ subscription_id: id, rate_per_second: 40 });
    let asleep = false;
    const late = makeReplayer(process, clock, {
      ports: {
        rule: async (subscriptionId) => {
          if (!asleep) {
            asleep = true;
            clock.move(LEASE_MS + 1);
            await replayer.step();
          }
          return process.directory.rule(log.db, subscriptionId, evaluate);
        },
      },
    });
    await late.step();
    expect(await replayedNumbers(log.db, id)).toEqual(oneTo(10));
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual(oneTo(40));
  });

  it('has no doubles and no gaps when several processes run at once', async () => {
    const id = await dead(300);
    const processes = log.processes(3).map((db) => makeReplayer(makeProcess(db), clock));
    await replayer.start({ subscription_id: id, rate_per_second: 40 });
    await Promise.all(
      processes.map(async ({ step }) => {
        for (let steps = 0; steps < 60; steps += 1) {
          await step();
          clock.move(100);
        }
      }),
    );
    await replayer.run();
    expect(await replayedNumbers(log.db, id)).toEqual(oneTo(300));
  });

  it('makes no more while enough of its own is on its way, and says why', async () => {
    const id = await dead(30);
    const modest = makeReplayer(process, clock, { maxWaiting: 10 });
    const { id: replayId } = await modest.start({ subscription_id: id });
    for (let second = 0; second < 5; second += 1) {
      await modest.step();
      clock.move(1_000);
    }
    expect(await made(id)).toBe(10);
    expect((await modest.service.find(replayId)).reason).toMatch(/^Waits until the endpoint/);
    await settleWaiting(log.db, 'delivered', { at: clock.now(), numbers: oneTo(4) });
    await modest.step();
    expect(await made(id)).toBe(14);
    expect((await modest.service.find(replayId)).reason).toBeNull();

    await log.db(TABLES.subscriptions).where({ id }).update({ state: 'paused' });
    await log.db(TABLES.state).where({ name: 'config_version' }).increment('value', 1);
    clock.move(1_000);
    await modest.step();
    expect(await made(id)).toBe(14);
    expect((await modest.service.find(replayId)).reason).toBe(
      'Waits until the subscription is resumed',
    );
  });

  it('holds up no live delivery of the same document, and keeps its own order', async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 2);
    await log.db(TABLES.events).update({ subject_id: 'one' });
    await process.sequence();
    await settleWaiting(log.db, 'dead');
    await replayer.start({ subscription_id: id });
    await replayer.run();
    await addEventsCounted(log.db, 1);
    await log.db(TABLES.events).update({ subject_id: 'one' });
    await process.sequence();

    const claimed = await claim(log.db, { now: clock.now() });
    const numbers = (await storedDeliveries(log.db))
      .filter((row) => claimed.some((delivery) => delivery.id === row.id))
      .map((row) => [row.sequenceNumber, row.replay]);
    expect(numbers).toEqual([
      [1, true],
      [3, false],
    ]);
  });

  it('ends as failed, with the log saying why, when a step fails in a way that would come again', async () => {
    const id = await dead(5);
    const broken = makeReplayer(process, clock, {
      ports: { rule: () => Promise.reject(new Error('condition of the rule: no such function')) },
    });
    const { id: replayId } = await replayer.start({ subscription_id: id });
    expect(await broken.step()).toBe(true);
    const replay = await replayer.service.find(replayId);
    expect(replay.state).toBe('failed');
    expect(replay.reason).toMatch(/^A step failed after sequence number 0/);
    expect(process.lines.map(({ message }) => message)).toContain('A replay failed');
    await replayer.start({ subscription_id: id });
    await replayer.run();
    expect(await made(id)).toBe(5);
  });

  it('leaves a replay alone while the database is away, and goes on afterwards', async () => {
    const id = await dead(5);
    const cut = makeReplayer(process, clock, {
      ports: {
        rule: () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })),
      },
    });
    const { id: replayId } = await replayer.start({ subscription_id: id });
    await expect(cut.step()).rejects.toThrow('away');
    expect((await replayer.service.find(replayId)).state).toBe('running');
    clock.move(LEASE_MS);
    await replayer.run();
    expect(await made(id)).toBe(5);
  }, 60_000);

  it('leaves the deliveries that are no replay as they are', async () => {
    const id = await dead(10);
    await replayer.start({ subscription_id: id });
    await replayer.run();
    const originals = (await storedDeliveries(log.db)).filter((delivery) => !delivery.replay);
    expect(countByStatus(originals)).toEqual({ dead: 10 });
  });
});

class Killed extends Error {
  /** As the driver of a killed process would never say: nobody is there to try again. */
  readonly code = 'ECONNRESET';
}
