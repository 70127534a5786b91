import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { createPartner } from '../../../server/src/contracts/partner';
import type { Secrets } from '../../../server/src/services/secrets';
import { Partners } from '../../../server/src/services/partners/partners';
import type { Caller } from '../../../server/src/services/partners/caller';
import { Backpressure } from '../../../server/src/services/partners/backpressure';
import { pauseEnds } from '../../../server/src/services/partners/pause-ends';
import { suspensionOf } from '../../../server/src/services/partners/suspension';
import type { OperationalEvents } from '../../../server/src/services/operational-events';
import { endDuePauses, nextPauseEnd } from '../../../server/src/store/partner-subscriptions';
import { insertPartner } from '../../../server/src/store/partners';
import { disableSubscription } from '../../../server/src/store/subscription-state';
import { keepHealth } from '../../../server/src/store/subscription-health';
import { findSubscription } from '../../../server/src/store/subscriptions';
import { describeOnEachDatabase } from '../../support/databases';
import { operationalEvents } from '../factory/process';
import { addSubscription } from '../factory/facts';
import { inTransaction, newId, useLog } from '../factory/log';
import { configVersion } from '../factory/rows';

describeOnEachDatabase('Backpressure on request', (dialect) => {
  const log = useLog(dialect);
  let now = new Date('2026-11-21T12:00:00Z');
  const clock = { now: () => now, random: () => 0 };
  const operational: OperationalEvents = operationalEvents(clock, newId);
  const ADMIN = { type: 'admin', user_id: '1', display_name: 'A', role: null } as const;

  const partnersOn = (db: Knex) =>
    new Partners({
      db: () => db,
      transaction: (work) => inTransaction(db, work),
      secrets: { encrypt: (text: string) => text } as unknown as Secrets,
      stateChanged: suspensionOf({ operational, clock }),
      newId,
      clock,
      changed: () => undefined,
    });
  const service = (db: Knex = log.db) =>
    new Backpressure({
      transaction: (work) => inTransaction(db, work),
      operational,
      partners: partnersOn(db),
      clock,
      changed: () => undefined,
      endMoved: () => undefined,
    });
  const addPartner = async (): Promise<Caller> => {
    const partnerId = newId();
    await insertPartner(log.db, {
      partnerId,
      name: 'Northstar',
      state: 'active',
      settings: createPartner.parse({ name: 'Northstar' }),
      encryptedPseudonymKey: 'key',
      createdAt: now,
      updatedAt: now,
    });
    return { partnerId, partner: { name: 'Northstar' } } as Caller;
  };
  const ready = async () => {
    const caller = await addPartner();
    const id = await addSubscription(log.db, { partner_id: caller.partnerId });
    return { caller, id };
  };
  const standing = async (id: string) => {
    const row = await findSubscription(log.db, id);
    return row && { state: row.state, by: row.pausedBy, until: row.pausedUntil };
  };
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { details?: { code?: string } }) => error.details?.code,
    );
  const setState = (caller: Caller, state: 'active' | 'suspended', db: Knex = log.db) =>
    partnersOn(db).update(caller.partnerId, { state }, ADMIN);

  it('pauses for as long as was asked, and tells of it with the partner as actor', async () => {
    const { caller, id } = await ready();
    const before = await configVersion(log.db);
    const answer = await service().pause(caller, id, { seconds: 60, reason: 'Full' });
    const until = new Date(now.getTime() + 60_000);
    expect(answer).toEqual({
      id,
      state: 'paused',
      state_reason: 'Full',
      paused_until: until.toISOString(),
    });
    expect(await standing(id)).toEqual({ state: 'paused', by: 'partner', until });
    expect(await configVersion(log.db)).toBeGreaterThan(before);
    // Asked again: it lasts from now on, and is told of once.
    now = new Date(now.getTime() + 30_000);
    const again = await service().pause(caller, id, { seconds: 60 });
    expect(again.paused_until).toBe(new Date(now.getTime() + 60_000).toISOString());
    const events: { event_type: string; actor_type: string; actor_id: string }[] =
      await log.db('newswire_events');
    expect(events.map((event) => [event.event_type, event.actor_type, event.actor_id])).toEqual([
      ['webhook.subscription_paused', 'partner', caller.partnerId],
    ]);
  });

  it.each([
    ['no whole number', { seconds: 1.5 }],
    ['nothing', { seconds: 0 }],
    ['more than a day', { seconds: 86_401 }],
    ['another name', { minutes: 1 }],
  ])('refuses a time that is %s', async (_, body) => {
    const { caller, id } = await ready();
    expect(await code(service().pause(caller, id, body))).toBe('invalid_body');
    expect((await standing(id))?.state).toBe('active');
  });

  it('ends a pause at its time, once, and never one without a time', async () => {
    const { caller, id } = await ready();
    const other = await addSubscription(log.db, { partner_id: caller.partnerId });
    await service().pause(caller, id, { seconds: 60 });
    await service().pause(caller, other, {});
    const until = new Date(now.getTime() + 60_000);
    expect(await nextPauseEnd(log.db, now)).toEqual(until);
    expect(await endDuePauses(log.db, new Date(until.getTime() - 1))).toBe(0);
    const processes = log.processes(3);
    const ended = await Promise.all(processes.map((db) => endDuePauses(db, until)));
    expect(ended.reduce((a, b) => a + b)).toBe(1);
    expect(await standing(id)).toEqual({ state: 'active', by: null, until: null });
    expect(await standing(other)).toEqual({ state: 'paused', by: 'partner', until: null });
    expect(await nextPauseEnd(log.db, until)).toBeNull();
  });

  it('ends a pause by itself, as soon as its time has come', async () => {
    const { caller, id } = await ready();
    now = new Date();
    const live = { now: () => new Date(), random: () => 0 };
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const loop = pauseEnds({
      db: () => log.db,
      transaction: (work) => inTransaction(log.db, work),
      changed: () => undefined,
      clock: live,
      log: quiet,
    });
    loop.start();
    try {
      await service().pause(caller, id, { seconds: 1 });
      loop.wake();
      await expect.poll(() => standing(id), { timeout: 3_000 }).toMatchObject({ state: 'active' });
      expect(Date.now() - now.getTime()).toBeGreaterThanOrEqual(1_000);
    } finally {
      await loop.stop();
    }
  });

  it('is not there for another partner’s subscription, nor for one of our own', async () => {
    const { caller } = await ready();
    const { id: foreign } = await ready();
    const own = await addSubscription(log.db);
    for (const id of [foreign, own, 'nothing']) {
      expect(await code(service().pause(caller, id, {}))).toBe('not_found');
      expect(await code(service().resume(caller, id, {}))).toBe('not_found');
    }
  });

  it('resumes what the partner has paused, and nothing that somebody else has', async () => {
    const { caller, id } = await ready();
    const resume = () => code(service().resume(caller, id, {}));
    expect(await resume()).toBe('done');
    await service().pause(caller, id, { seconds: 60 });
    expect(await resume()).toBe('done');
    expect(await standing(id)).toEqual({ state: 'active', by: null, until: null });
    // The circuit breaker.
    const health = { id, failures: 20, failingSince: now, probeAt: now, probesFailed: 0 };
    await keepHealth(log.db, health, { state: 'paused', reason: 'Breaker', now });
    expect(await resume()).toBe('paused_by_breaker');
    expect(await code(service().pause(caller, id, { seconds: 1 }))).toBe('paused_by_breaker');
    await keepHealth(log.db, { ...health, probeAt: null }, { state: 'active', reason: null, now });
    expect(await standing(id)).toEqual({ state: 'active', by: null, until: null });
    // An admin.
    const byAdmin = await addSubscription(log.db, {
      partner_id: caller.partnerId,
      state: 'paused',
    });
    expect(await code(service().resume(caller, byAdmin, {}))).toBe('paused_by_admin');
    const sandbox = await addSubscription(log.db, {
      partner_id: caller.partnerId,
      state: 'sandbox',
    });
    expect(await code(service().pause(caller, sandbox, {}))).toBe('subscription_sandbox');
    // Nobody any more.
    await service().pause(caller, id, { seconds: 60 });
    await disableSubscription(log.db, { id, reason: 'Gone', now });
    expect(await resume()).toBe('subscription_disabled');
    expect(await standing(id)).toEqual({ state: 'disabled', by: null, until: null });
  });

  it('leaves a partner’s pause alone when it is suspended, and ends it when both are over', async () => {
    const { caller, id } = await ready();
    const active = await addSubscription(log.db, { partner_id: caller.partnerId });
    await service().pause(caller, id, { seconds: 60 });
    await setState(caller, 'suspended');
    expect(await standing(active)).toMatchObject({ state: 'paused', by: 'suspension' });
    expect(await standing(id)).toMatchObject({ state: 'paused', by: 'partner' });
    const later = new Date(now.getTime() + 61_000);
    expect(await endDuePauses(log.db, later)).toBe(0);
    await setState(caller, 'active');
    expect(await standing(active)).toEqual({ state: 'active', by: null, until: null });
    expect(await endDuePauses(log.db, later)).toBe(1);
  });

  it('lets nothing go on of a partner that is being suspended, whatever happens at once', async () => {
    const [here, there] = log.processes(2) as [Knex, Knex];
    for (let round = 0; round < 10; round += 1) {
      const { caller, id } = await ready();
      await service().pause(caller, id, {});
      const resumed = code(service(here).resume(caller, id, {}));
      const suspended = setState(caller, 'suspended', there);
      expect(['done', 'partner_suspended']).toContain(await resumed);
      await suspended;
      expect((await standing(id))?.state).toBe('paused');
      expect(await code(service(here).resume(caller, id, {}))).not.toBe('done');
    }
  });

  it('takes over from the circuit breaker when a partner is suspended', async () => {
    const { caller, id } = await ready();
    const health = { id, failures: 20, failingSince: now, probeAt: now, probesFailed: 0 };
    await keepHealth(log.db, health, { state: 'paused', reason: 'Breaker', now });
    await setState(caller, 'suspended');
    expect(await standing(id)).toMatchObject({ state: 'paused', by: 'suspension' });
    const [row] = (await log.db('newswire_subscriptions').where({ id })) as { probe_at: unknown }[];
    expect(row?.probe_at).toBeNull();
    await setState(caller, 'active');
    expect(await standing(id)).toMatchObject({ state: 'active', by: null });
  });
});
