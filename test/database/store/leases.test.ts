import { expect, it } from 'vitest';
import {
  extendLeases,
  nextSendableAt,
  reclaimExpiredLeases,
  reclaimLeases,
  releaseLeases,
} from '../../../server/src/store/leases';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { claim, settle, settlementOf } from '../factory/claims';
import { addEventsCounted, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { countByStatus, storedAttempts, storedDeliveries } from '../factory/rows';

const MINUTE = 60_000;

describeOnEachDatabase('Leases', (dialect) => {
  const log = useLog(dialect);
  const now = new Date();
  const inAMinute = new Date(now.getTime() + MINUTE);

  /** One subscription is owed so many events. */
  const owe = async (count: number) => {
    const subscription = await addSubscription(log.db, { delivery: { order: 'none' } });
    await addEventsCounted(log.db, count);
    await makeProcess(log.db).sequence();
    await log.db(TABLES.deliveries).update({ due_at: now.getTime() - 1 });
    return subscription;
  };
  const ids = (deliveries: { id: number }[]) => deliveries.map(({ id }) => id);

  it('frees what has run out and nothing else, due at once', async () => {
    await owe(4);
    const dead = await claim(log.db, { now, limit: 2, owner: 'dead', until: inAMinute });
    const alive = await claim(log.db, {
      now,
      limit: 1,
      owner: 'alive',
      until: new Date(inAMinute.getTime() + 1),
    });

    expect(await reclaimExpiredLeases(log.db, new Date(inAMinute.getTime() - 1))).toBe(0);
    expect(await reclaimExpiredLeases(log.db, inAMinute)).toBe(2);

    const deliveries = await storedDeliveries(log.db);
    const freed = deliveries.filter(({ id }) => ids(dead).includes(id));
    for (const delivery of freed) {
      expect(delivery).toMatchObject({
        status: 'waiting',
        settled: false,
        attempts: 0,
        dueAt: inAMinute,
        leaseOwner: null,
        leaseToken: null,
        leaseUntil: null,
      });
    }
    expect(deliveries.find(({ id }) => id === alive[0]?.id)).toMatchObject({
      status: 'sending',
      leaseOwner: 'alive',
    });
    const again = await claim(log.db, { now: inAMinute });
    expect(ids(again).sort()).toEqual(ids(deliveries.filter(({ id }) => id !== alive[0]?.id)));
  });

  it('leave the result of a worker that was taken for dead unwritten', async () => {
    await owe(1);
    const [late] = await claim(log.db, { now, owner: 'late', until: inAMinute });
    await reclaimExpiredLeases(log.db, inAMinute);

    // Between the two workers nobody holds it, and the late one has no claim to it either.
    expect(await settle(log.db, [settlementOf(late!)])).toEqual([]);
    const [next] = await claim(log.db, { now: inAMinute, owner: 'next' });
    expect(await settle(log.db, [settlementOf(late!)])).toEqual([]);
    const [held] = await storedDeliveries(log.db);
    expect(held).toMatchObject({ status: 'sending', leaseOwner: 'next', attempts: 0 });

    const verdict = settlementOf(next!, {
      status: 'dead',
      reason: 'The endpoint answered 404 Not Found',
      attempt: { outcome: 'permanent', statusCode: 404 },
    });
    expect(await settle(log.db, [verdict])).toEqual([verdict]);
    expect(await settle(log.db, [settlementOf(late!)])).toEqual([]);
    const [settled] = await storedDeliveries(log.db);
    expect(settled).toMatchObject({
      status: 'dead',
      reason: 'The endpoint answered 404 Not Found',
      attempts: 1,
    });
    const attempts = await storedAttempts(log.db);
    expect(attempts).toMatchObject([{ number: 1, outcome: 'permanent', statusCode: 404 }]);
  });

  it('are extended for what the worker holds, and for nothing else', async () => {
    await owe(5);
    const mine = await claim(log.db, { now, limit: 3, owner: 'mine', until: inAMinute });
    const others = await claim(log.db, { now, limit: 1, owner: 'others', until: inAMinute });
    const [asked, notAsked, settled] = mine;
    await settle(log.db, [settlementOf(settled!)]);
    const [waiting] = (await storedDeliveries(log.db)).filter(({ status }) => status === 'waiting');

    const until = new Date(now.getTime() + 2 * MINUTE);
    const wished = [asked, settled, waiting, ...others].map((delivery) => delivery!.id);
    await extendLeases(log.db, { owner: 'mine', ids: wished, until });

    const leases = new Map(
      (await storedDeliveries(log.db)).map(({ id, leaseUntil }) => [id, leaseUntil]),
    );
    expect(leases.get(asked!.id)).toEqual(until);
    expect(leases.get(notAsked!.id)).toEqual(inAMinute);
    expect(leases.get(others[0]!.id)).toEqual(inAMinute);
    expect(leases.get(settled!.id)).toBeNull();
    expect(leases.get(waiting!.id)).toBeNull();
  });

  it('that are given back can be claimed at once', async () => {
    await owe(3);
    const mine = await claim(log.db, { now, limit: 2, owner: 'mine' });
    const others = await claim(log.db, { now, limit: 1, owner: 'others' });

    await releaseLeases(log.db, { owner: 'mine', ids: ids([...mine, ...others]) });

    const again = await claim(log.db, { now, owner: 'next' });
    expect(ids(again)).toEqual(ids(mine));
    expect(again.map(({ attempts }) => attempts)).toEqual([0, 0]);
    await releaseLeases(log.db, { owner: 'next', ids: [] });
    expect(countByStatus(await storedDeliveries(log.db))).toEqual({ sending: 3 });
  });

  it('are all freed where there can be no other process', async () => {
    await owe(3);
    const [settled] = await claim(log.db, { now, owner: 'before', until: inAMinute });
    await settle(log.db, [settlementOf(settled!)]);

    expect(await reclaimLeases(log.db, now)).toBe(2);
    expect(countByStatus(await storedDeliveries(log.db))).toEqual({ delivered: 1, waiting: 2 });
    expect(await claim(log.db, { now })).toHaveLength(2);
  });

  it('say when there is something to do next', async () => {
    await owe(2);
    expect(await nextSendableAt(log.db, now)).toBeNull();
    const [first, second] = await storedDeliveries(log.db);
    const due = (id: number | undefined, at: Date) =>
      log.db(TABLES.deliveries).where({ id }).update({ due_at: at.getTime() });
    await due(first?.id, inAMinute);
    await due(second?.id, new Date(inAMinute.getTime() + MINUTE));
    expect(await nextSendableAt(log.db, now)).toEqual(inAMinute);

    await claim(log.db, { now: inAMinute });
    expect(await nextSendableAt(log.db, now)).toEqual(new Date(inAMinute.getTime() + MINUTE));
  });

  it('also knows when a wait ends that an endpoint has asked for, and when a circuit breaker is tried', async () => {
    const now = new Date();
    const at = (minutes: number) => now.getTime() + minutes * MINUTE;
    const id = await addSubscription(log.db, { heldUntil: new Date(at(3)) });
    expect(await nextSendableAt(log.db, now)).toEqual(new Date(at(3)));
    await log
      .db('newswire_subscriptions')
      .where({ id })
      .update({ state: 'paused', probe_at: at(2) });
    expect(await nextSendableAt(log.db, now)).toEqual(new Date(at(2)));
    await log.db('newswire_subscriptions').where({ id }).update({ probe_at: null });
    expect(await nextSendableAt(log.db, now)).toBeNull();
  });
});
