import { expect, it } from 'vitest';
import { seconds } from '../../../../server/src/domain/retry';
import { bumpConfigVersion } from '../../../../server/src/store/config-version';
import { forgetHealth } from '../../../../server/src/store/subscription-health';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { waitFor } from '../../../support/wait-for';
import { claim } from '../../factory/claims';
import { addEvents, addEventsCounted, addSubscription } from '../../factory/facts';
import { inTransaction, useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';
import {
  countByStatus,
  storedDeliveries,
  storedEvents,
  storedSubscription,
} from '../../factory/rows';
import { useWorkers } from '../../factory/workers';

/** Opens after three failures, whenever they come; the first probe is soon. */
const TOUCHY = {
  failures: 3,
  failingMs: seconds(0),
  firstProbeMs: seconds(0.1),
  maxProbeMs: seconds(0.4),
};
const HOUR = 3_600;

describeOnEachDatabase('The circuit breaker', (dialect) => {
  const log = useLog(dialect);
  const { receiver, make } = useWorkers(log);

  const begin = async (events: number, breaker: Partial<typeof TOUCHY> = TOUCHY) => {
    const id = await addSubscription(log.db, {
      url: receiver.url(),
      event_types: ['entry.*'],
      delivery: { order: 'none', concurrency: 1, retry: Array.from({ length: 20 }, () => 0) },
    });
    await addEventsCounted(log.db, events);
    const process = make({ breaker });
    await process.sequence();
    await process.start();
    return { id, process };
  };
  const typesOfEvents = async () =>
    (await storedEvents(log.db))
      .map(({ eventType }) => eventType)
      .filter((t) => t !== 'entry.updated');
  const stateOf = async (id: string) => (await storedSubscription(log.db, id)).state;

  it('pauses a subscription whose endpoint is down, tells of it once, and loses nothing', async () => {
    receiver.answer(503);
    const { id, process } = await begin(10, { ...TOUCHY, firstProbeMs: seconds(HOUR) });
    await waitFor(async () => (await stateOf(id)) === 'paused');
    const before = receiver.requests.length;
    await addEventsCounted(log.db, 5);
    await process.sequence();
    process.deliverer.wake();
    await new Promise((resolve) => setTimeout(resolve, 300));

    // What the worker had taken on already may still go out.
    expect(receiver.requests.length - before).toBeLessThanOrEqual(2);
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).waiting === 15);
    expect(await typesOfEvents()).toEqual(['webhook.subscription_paused']);
    expect(process.notices).toMatchObject([{ kind: 'paused', subscriptionId: id }]);
    const [row] = await log.db(TABLES.subscriptions).where({ id });
    expect(row.state_reason).toMatch(/^Circuit breaker: \d+ attempts have failed/);
  });

  it('tries one delivery at a time until the endpoint answers, and then sends all the others', async () => {
    receiver.answer(503);
    const { id, process } = await begin(10);
    await waitFor(async () => (await stateOf(id)) === 'paused');
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).waiting === 10);
    const atOpening = receiver.requests.length;
    await receiver.received(atOpening + 3);
    expect(await stateOf(id)).toBe('paused');
    receiver.answer(204);
    await waitFor(
      async () => countByStatus(await storedDeliveries(log.db)).delivered === 10,
      10_000,
    );

    expect(await stateOf(id)).toBe('active');
    expect(await typesOfEvents()).toEqual([
      'webhook.subscription_paused',
      'webhook.subscription_recovered',
    ]);
    expect(process.notices.map(({ kind }) => kind)).toEqual(['paused', 'recovered']);
    const probes = receiver.requests.slice(atOpening, atOpening + 3).map(({ at }) => at);
    expect(probes[1]! - probes[0]!).toBeGreaterThanOrEqual(150);
    const [row] = await log.db(TABLES.subscriptions).where({ id });
    expect(row).toMatchObject({ consecutive_failures: 0, failing_since: null, probe_at: null });
  });

  it('lets one process alone try, and only when it is time', async () => {
    await addSubscription(log.db, { state: 'paused', delivery: { order: 'none' } });
    await addEventsCounted(log.db, 20);
    await makeProcess(log.db).sequence();
    const now = new Date(Date.now() + 60_000);
    await log.db(TABLES.subscriptions).update({ probe_at: now.getTime() });
    const claimAll = (at: Date) =>
      Promise.all(log.processes(3).map((db) => claim(db, { now: at }))).then((all) => all.flat());

    expect(await claimAll(new Date(now.getTime() - 1))).toEqual([]);
    expect(await claimAll(now)).toHaveLength(1);
    expect(await claimAll(new Date(now.getTime() + 1_000))).toEqual([]);
  });

  it('leaves alone what a person has paused, though a late answer says that the endpoint is well', async () => {
    receiver.answer({ status: 204, delay: 300 });
    const { id } = await begin(1);
    await receiver.received(1);
    await inTransaction(log.db, async (trx) => {
      await trx(TABLES.subscriptions).where({ id }).update({ state: 'paused', probe_at: 1 });
      await forgetHealth(trx, id);
      await bumpConfigVersion(trx);
    });
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).delivered === 1);
    expect(await stateOf(id)).toBe('paused');
    expect(await typesOfEvents()).toEqual([]);
  });

  it('does not open for an endpoint that answers with refusals', async () => {
    receiver.answer(404);
    const { id } = await begin(10);
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).dead === 10);
    expect(await stateOf(id)).toBe('active');
  });

  it('disables only after a hundred failures and five days, and then tells of it', async () => {
    receiver.answer(404);
    const { id, process } = await begin(0, { failures: 10_000 });
    await log.db(TABLES.subscriptions).update({
      consecutive_failures: 98,
      failing_since: Date.now() - 6 * 24 * HOUR * 1_000,
    });
    const fail = async () => {
      await addEvents(log.db, [{}]);
      await process.sequence();
      process.deliverer.wake();
      const dead = countByStatus(await storedDeliveries(log.db)).dead ?? 0;
      await waitFor(
        async () => (countByStatus(await storedDeliveries(log.db)).dead ?? 0) > dead || dead > 0,
      );
    };
    await fail();
    await waitFor(async () => countByStatus(await storedDeliveries(log.db)).dead === 1);
    expect(await stateOf(id)).toBe('active');
    await fail();
    await waitFor(async () => (await stateOf(id)) === 'disabled');

    expect(await typesOfEvents()).toContain('webhook.subscription_disabled');
    expect(process.notices).toMatchObject([{ kind: 'disabled', subscriptionId: id }]);
  });
});
