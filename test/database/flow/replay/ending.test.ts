import { beforeEach, expect, it } from 'vitest';
import { SYSTEM } from '../../../../server/src/services/actor';
import { endReplays } from '../../../../server/src/store/end-replay';
import { deleteSubscription } from '../../../../server/src/store/subscriptions';
import { cancelOrphans } from '../../../../server/src/store/cancel-orphans';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { claim, settle, settlementOf } from '../../factory/claims';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { inTransaction, useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';
import { makeReplayer, replayedNumbers, settleWaiting, useReplays } from '../../factory/replays';
import { countByStatus, storedDeliveries } from '../../factory/rows';

describeOnEachDatabase('Ending a replay early', (dialect) => {
  const log = useLog(dialect);
  const { process, clock, replayer } = useReplays(log);
  let id: string;

  beforeEach(async () => {
    id = await addSubscription(log.db, { delivery: { order: 'none' } });
    await addEventsCounted(log.db, 100);
    await process.sequence();
    await settleWaiting(log.db, 'dead');
  });

  const replayed = async () =>
    countByStatus((await storedDeliveries(log.db)).filter((delivery) => delivery.replay));

  it('cancels what waits, makes no more, and answers the same when it is asked again', async () => {
    const started = await replayer.start({ subscription_id: id, rate_per_second: 40 });
    await replayer.step();
    const cancelled = await replayer.service.cancel(started.id);
    expect(cancelled).toMatchObject({
      state: 'cancelled',
      reason: 'The replay was cancelled',
      progress: { scheduled: 10, waiting: 0, delivered: 0, dead: 0, cancelled: 10 },
      finished_at: clock.now().toISOString(),
    });
    clock.move(60_000);
    await replayer.run();
    expect(await replayed()).toEqual({ cancelled: 10 });
    const reasons = (await storedDeliveries(log.db)).filter(({ replay }) => replay);
    expect(new Set(reasons.map(({ reason }) => reason))).toEqual(
      new Set(['The replay was cancelled']),
    );
    expect(await replayer.service.cancel(started.id)).toEqual(cancelled);
  });

  it('stops a step that has read its part of the log and not yet written', async () => {
    const started = await replayer.start({ subscription_id: id, rate_per_second: 40 });
    let transactions = 0;
    const overtaken = makeReplayer(process, clock, {
      ports: {
        transaction: async (work) => {
          transactions += 1;
          if (transactions === 2) await replayer.service.cancel(started.id);
          return replayer.ports.transaction(work);
        },
      },
    });
    await overtaken.step();
    expect(transactions).toBeGreaterThan(1);
    expect(await replayed()).toEqual({});
    expect(await replayer.service.find(started.id)).toMatchObject({
      state: 'cancelled',
      progress: { scheduled: 0 },
    });
  });

  it('leaves nothing waiting, whenever it comes between the steps of several processes', async () => {
    const processes = log.processes(3).map((db) => makeReplayer(makeProcess(db), clock));
    const started = await replayer.start({ subscription_id: id, rate_per_second: 40 });
    let cancelled: Promise<unknown> | undefined;
    await Promise.all(
      processes.map(async ({ step }, index) => {
        for (let steps = 0; steps < 12; steps += 1) {
          await step();
          clock.move(100);
          if (index === 0 && steps === 4) cancelled = replayer.service.cancel(started.id);
        }
      }),
    );
    await cancelled;
    const { waiting, cancelled: given } = await replayed();
    expect(waiting).toBeUndefined();
    expect(given).toBeGreaterThan(0);
    expect(given).toBeLessThan(100);
    const { progress } = await replayer.service.find(started.id);
    expect(progress.scheduled).toBe(given);
  });

  it('lets what is being sent end, and does not try it again', async () => {
    const started = await replayer.start({ subscription_id: id, rate_per_second: 8 });
    await replayer.step();
    const claimed = await claim(log.db, { now: clock.now() });
    expect(claimed).toHaveLength(2);
    expect(await replayer.service.cancel(started.id)).toMatchObject({ progress: { waiting: 2 } });
    const [delivered, failed] = claimed.map((delivery) => settlementOf(delivery));
    const dueAt = clock.now();
    await settle(log.db, [delivered!, { ...failed!, status: 'waiting', dueAt }], clock.now());
    await replayer.run();
    clock.move(1_000);
    await replayer.step();
    expect(await replayed()).toEqual({ delivered: 1, cancelled: 1 });
    expect(await replayer.service.find(started.id)).toMatchObject({
      state: 'cancelled',
      progress: { scheduled: 2, waiting: 0, delivered: 1, cancelled: 1 },
    });
    clock.move(60_000);
    expect(await replayer.step(), 'it is closed').toBe(false);
  });

  it('lets go on what waited for the deliveries that it cancels', async () => {
    const strict = await addSubscription(log.db, { delivery: { order: 'strict' } });
    await addEventsCounted(log.db, 2);
    await process.sequence();
    await settleWaiting(log.db, 'dead', { subscriptionId: strict, numbers: [101] });
    const first = await replayer.start({ subscription_id: strict });
    await replayer.step();
    await settleWaiting(log.db, 'dead', { subscriptionId: strict, numbers: [102] });
    clock.move(1_000);
    await replayer.start({ subscription_id: strict });
    await replayer.run();
    // The second waits for the first, and is parked by the claim that sees it.
    await claim(log.db, { now: clock.now() });
    await log.db(TABLES.deliveries).where({ status: 'sending' }).update({ status: 'waiting' });
    const parked = async () =>
      (await storedDeliveries(log.db)).filter(
        ({ status, dueAt }) => status === 'waiting' && !dueAt,
      );
    expect(await parked()).toHaveLength(1);

    await replayer.service.cancel(first.id);
    expect(await parked()).toEqual([]);
  });

  it('is refused once the replay is done', async () => {
    const started = await replayer.start({ subscription_id: id });
    await replayer.run();
    await settleWaiting(log.db, 'delivered', { at: clock.now() });
    await replayer.run();
    clock.move(1_000);
    await replayer.step();
    await expect(replayer.service.cancel(started.id)).rejects.toMatchObject({
      name: 'ConflictError',
      message: 'This replay is done; there is nothing left to cancel',
    });
    await expect(replayer.service.cancel('nothing')).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it('comes with the deletion of the subscription, and leaves no delivery to nobody', async () => {
    const started = await replayer.start({ subscription_id: id, rate_per_second: 40 });
    await replayer.step();
    const remove = () =>
      inTransaction(log.db, async (trx) => {
        const ending = { state: 'cancelled', reason: 'The subscription was deleted' } as const;
        await endReplays(trx, { subscription_id: id }, { ...ending, now: clock.now() });
        await deleteSubscription(trx, id);
        await cancelOrphans(trx, { subscriptionIds: [id], now: clock.now() });
      });
    let transactions = 0;
    const overtaken = makeReplayer(process, clock, {
      ports: {
        transaction: async (work) => {
          transactions += 1;
          if (transactions === 2) await remove();
          return replayer.ports.transaction(work);
        },
      },
    });
    clock.move(1_000);
    await overtaken.step();
    expect(await replayed()).toEqual({ cancelled: 10 });
    expect(await replayer.service.find(started.id)).toMatchObject({
      state: 'cancelled',
      reason: 'The subscription was deleted',
    });
  });

  it('comes by itself when the subscription is gone', async () => {
    const started = await replayer.start({ subscription_id: id });
    await inTransaction(log.db, (trx) => deleteSubscription(trx, id));
    await log.db(TABLES.state).where({ name: 'config_version' }).increment('value', 1);
    await replayer.step();
    expect(await replayer.service.find(started.id)).toMatchObject({
      state: 'cancelled',
      reason: 'The subscription was deleted',
    });
    expect(await replayedNumbers(log.db, id)).toEqual([]);
  });
});

describeOnEachDatabase('Starting a replay', (dialect) => {
  const log = useLog(dialect);
  const { process, clock, replayer } = useReplays(log, { settings: { maxRunning: 2 } });

  const create = (body: object) => replayer.service.create(body, SYSTEM);
  const withEvent = async () => {
    const id = await addSubscription(log.db);
    await addEventsCounted(log.db, 1);
    await process.sequence();
    await settleWaiting(log.db, 'dead');
    return id;
  };

  it('is refused while another replay makes deliveries for the same subscription', async () => {
    const id = await withEvent();
    const first = await replayer.start({ subscription_id: id });
    await expect(create({ subscription_id: id })).rejects.toMatchObject({
      message: expect.stringContaining(first.id) as string,
      details: { code: 'replay_running' },
    });
    expect(await replayer.count({ subscription_id: id, status: 'dead' })).toBe(1);
    await replayer.step();
    expect((await replayer.service.find(first.id)).state).toBe('running');
    expect(await replayer.start({ subscription_id: id })).toMatchObject({ matched: 0 });
  });

  it('happens once when many ask at the same moment', async () => {
    const id = await withEvent();
    const answers = await Promise.allSettled(
      log
        .processes(4)
        .map((db) =>
          makeReplayer(makeProcess(db), clock).service.create({ subscription_id: id }, SYSTEM),
        ),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') {
        expect(answer.reason).toMatchObject({ details: { code: 'replay_running' } });
      }
    }
    expect(await log.db(TABLES.replays)).toHaveLength(1);
  });

  it('is refused while as many make deliveries as may, however many ask at once', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push(await withEvent());
    const answers = await Promise.allSettled(ids.map((id) => create({ subscription_id: id })));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(3);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ details: { code: 'too_many_replays' } });
    }
  });

  it('is refused for a subscription that is disabled, or is none', async () => {
    const id = await addSubscription(log.db, { state: 'disabled' });
    for (const dry_run of [false, true]) {
      await expect(create({ subscription_id: id, dry_run })).rejects.toMatchObject({
        message: expect.stringContaining('resume it first') as string,
        details: { code: 'subscription_disabled' },
      });
      await expect(create({ subscription_id: 'nobody', dry_run })).rejects.toMatchObject({
        name: 'ValidationError',
        details: { errors: [{ path: ['subscription_id'] }] },
      });
    }
  });

  it('is refused a rate above the limit', async () => {
    const id = await withEvent();
    await expect(create({ subscription_id: id, rate_per_second: 10_001 })).rejects.toMatchObject({
      message: 'rate_per_second: At most 10000 deliveries per second (replays.maxRatePerSecond)',
    });
  });

  it('keeps what was asked for and by whom, and lists it', async () => {
    const id = await withEvent();
    const actor = {
      type: 'admin',
      user_id: '7',
      display_name: 'Angela Jain',
      role: 'Head',
    } as const;
    const body = { subscription_id: id, status: 'dead', event_types: ['entry.*'] };
    const since = '2026-01-17T12:00:00+02:00';
    const replay = await replayer.service.create({ ...body, since, rate_per_second: 7 }, actor);
    expect(replay).toMatchObject({
      ...body,
      missing: false,
      since: '2026-01-17T10:00:00.000Z',
      until: null,
      rate_per_second: 7,
      started_by: actor,
    });
    const other = await replayer.start({ subscription_id: await withEvent() });
    const list = async (query: object) => (await replayer.service.list(query)).data;
    expect(await list({})).toEqual([other, replay]);
    expect(await list({ subscription_id: id })).toEqual([replay]);
    expect(await list({ state: 'done' })).toEqual([]);
    const first = await replayer.service.list({ limit: 1 });
    expect(first.meta).toEqual({ after: other.id, has_more: true });
    expect(await list({ limit: 1, after: other.id })).toEqual([replay]);
  });
});
