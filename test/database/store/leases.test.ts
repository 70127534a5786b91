import { expect, it } from 'vitest';
import { ownTransaction } from '../../../server/src/store/database';
import {
  endLeases,
  extendLeases,
  hasExpiredLeases,
  reclaimExpiredLeases,
  reclaimLeases,
  releaseDeliveries,
} from '../../../server/src/store/leases';
import { nextSendableAt } from '../../../server/src/store/sendable-subscriptions';
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
  const reclaimExpired = (at: Date) =>
    ownTransaction(log.db, (trx) => reclaimExpiredLeases(trx, at));
  const leases = async () => {
    const rows: { token: string; expires_at: unknown }[] = await log.db(TABLES.leases).select('*');
    return new Map(rows.map((row) => [row.token, new Date(Number(row.expires_at))]));
  };
  const ids = (deliveries: { id: number }[]) => deliveries.map(({ id }) => id);

  it('frees what has run out and nothing else, due at once', async () => {
    await owe(4);
    const dead = await claim(log.db, { now, limit: 2, until: inAMinute });
    const alive = await claim(log.db, {
      now,
      limit: 1,
      until: new Date(inAMinute.getTime() + 1),
    });

    expect(await reclaimExpired(new Date(inAMinute.getTime() - 1))).toBe(0);
    expect(await reclaimExpired(inAMinute)).toBe(2);

    const deliveries = await storedDeliveries(log.db);
    const freed = deliveries.filter(({ id }) => ids(dead).includes(id));
    for (const delivery of freed) {
      expect(delivery).toMatchObject({
        status: 'waiting',
        settled: false,
        attempts: 0,
        // As before: it was due when it was claimed.
        dueAt: new Date(now.getTime() - 1),
        leaseToken: null,
      });
    }
    expect(deliveries.find(({ id }) => id === alive[0]?.id)).toMatchObject({
      status: 'sending',
      leaseToken: alive[0]?.leaseToken,
    });
    const again = await claim(log.db, { now: inAMinute });
    expect(ids(again).sort()).toEqual(ids(deliveries.filter(({ id }) => id !== alive[0]?.id)));
  });

  it('leave the result of a worker that was taken for dead unwritten', async () => {
    await owe(1);
    const [late] = await claim(log.db, { now, until: inAMinute });
    await reclaimExpired(inAMinute);

    // Between the two workers nobody holds it, and the late one has no claim to it either.
    expect(await settle(log.db, [settlementOf(late!)])).toEqual([]);
    const [next] = await claim(log.db, { now: inAMinute });
    expect(await settle(log.db, [settlementOf(late!)])).toEqual([]);
    const [held] = await storedDeliveries(log.db);
    expect(held).toMatchObject({ status: 'sending', leaseToken: next!.leaseToken, attempts: 0 });

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
    await owe(4);
    const mine = await claim(log.db, { now, limit: 2, until: inAMinute });
    const others = await claim(log.db, { now, limit: 1, until: inAMinute });
    const freed = await claim(log.db, { now, limit: 1, until: now });
    const tokens = [mine, others, freed].map(([delivery]) => delivery!.leaseToken);
    const [mineToken, othersToken, freedToken] = tokens as [string, string, string];
    expect(await reclaimExpired(now)).toBe(1);

    const until = new Date(now.getTime() + 2 * MINUTE);
    await extendLeases(log.db, [mineToken, freedToken], until);

    // What was freed is another's by now, or will be.
    expect(await leases()).toEqual(
      new Map([
        [mineToken, until],
        [othersToken, inAMinute],
      ]),
    );
    expect(await reclaimExpired(inAMinute)).toBe(1);
    expect(await hasExpiredLeases(log.db, inAMinute)).toBe(false);
    expect(await hasExpiredLeases(log.db, until)).toBe(true);
  });

  it('that are given back can be claimed at once', async () => {
    await owe(3);
    const mine = await claim(log.db, { now, limit: 2, until: inAMinute });
    const others = await claim(log.db, { now, limit: 1, until: inAMinute });
    const [first, second] = mine;
    await settle(log.db, [settlementOf(second!)]);

    // Settled, or another's: neither is given back.
    const foreign = { id: others[0]!.id, leaseToken: first!.leaseToken };
    await releaseDeliveries(log.db, [...mine, foreign]);

    const again = await claim(log.db, { now });
    expect(ids(again)).toEqual([first!.id]);
    expect(again[0]).toMatchObject({ attempts: 0 });
    await releaseDeliveries(log.db, []);
    expect(countByStatus(await storedDeliveries(log.db))).toEqual({ sending: 2, delivered: 1 });
  });

  it('that have run out free what is still held of them, and no more', async () => {
    await owe(3);
    const [written, back, left] = await claim(log.db, { now, until: inAMinute });
    await settle(log.db, [settlementOf(written!)]);
    await releaseDeliveries(log.db, [back!]);
    const [again] = await claim(log.db, { now, until: new Date(inAMinute.getTime() + MINUTE) });
    expect(again!.id).toBe(back!.id);

    expect(await reclaimExpired(inAMinute)).toBe(1);

    const statuses = new Map(
      (await storedDeliveries(log.db)).map(({ id, status }) => [id, status]),
    );
    expect(statuses).toEqual(
      new Map([
        [written!.id, 'delivered'],
        [back!.id, 'sending'],
        [left!.id, 'waiting'],
      ]),
    );
    expect([...(await leases()).keys()]).toEqual([again!.leaseToken]);
    await endLeases(log.db, [again!.leaseToken]);
    expect((await leases()).size).toBe(0);
  });

  it('are all freed where there can be no other process', async () => {
    await owe(3);
    const [settled] = await claim(log.db, { now, until: inAMinute });
    await settle(log.db, [settlementOf(settled!)]);

    expect(await ownTransaction(log.db, (trx) => reclaimLeases(trx, now))).toBe(2);
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
