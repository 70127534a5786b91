import { beforeEach, expect, it } from 'vitest';
import { Metrics, type MetricsParts } from '../../../server/src/services/metrics/metrics';
import type { SlaAttainment } from '../../../server/src/services/sla';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { parsePrometheus, valueOf } from '../../support/prometheus';
import { startReceiver } from '../../support/receiver';
import { addEvents, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries } from '../factory/rows';
import { waitFor } from '../../support/wait-for';

describeOnEachDatabase('Metrics', (dialect) => {
  const log = useLog(dialect);
  let now: number;
  let queries: number;

  beforeEach(() => {
    now = Date.now();
    queries = 0;
  });

  const metricsOf = (change: Partial<MetricsParts> = {}, maxSubscriptions = 200) =>
    new Metrics({
      db: () => {
        queries += 1;
        return log.db;
      },
      attainment: () => Promise.resolve([]),
      clock: { now: () => new Date(now), random: () => 0 },
      version: '1.2.3',
      options: { maxSubscriptions, processMetrics: false },
      ...change,
    });
  const read = async (metrics: Metrics) => parsePrometheus(await metrics.text());

  it('tell what is owed and what is dead, by subscription, with the age of the oldest', async () => {
    const busy = await addSubscription(log.db);
    const idle = await addSubscription(log.db, { event_types: ['never.*'], state: 'paused' });
    const process = makeProcess(log.db);
    await addEvents(log.db, [{}, {}, {}, {}, {}]);
    await process.sequence();
    const [first, second, third] = await storedDeliveries(log.db);
    const deliveries = log.db(TABLES.deliveries);
    await deliveries.clone().update({ created_at: now - 10_000 });
    await deliveries
      .clone()
      .where({ id: second!.id })
      .update({ created_at: now - 60_000 });
    await deliveries
      .clone()
      .where({ id: first!.id })
      .update({ status: 'delivered', settled: true, created_at: now - 3_600_000 });
    await deliveries.clone().where({ id: third!.id }).update({ status: 'dead', settled: true });
    await addEvents(log.db, [{ status: 'invalid' }]);
    await addEvents(log.db, [{}]);
    await log
      .db(TABLES.events)
      .where({ status: 'unsequenced' })
      .update({ occurred_at: now - 7_000 });

    const samples = await read(metricsOf());
    const value = (name: string, labels = {}) => valueOf(samples, `newswire_${name}`, labels);
    expect(value('backlog', { subscription: busy })).toBe(3);
    expect(value('backlog', { subscription: idle })).toBe(0);
    expect(value('oldest_undelivered_age_seconds', { subscription: busy })).toBe(60);
    expect(value('oldest_undelivered_age_seconds', { subscription: idle })).toBe(0);
    expect(value('dead_letters', { subscription: busy })).toBe(1);
    expect(value('dead_letters', { subscription: idle })).toBe(0);
    expect(value('subscriptions', { state: 'active' })).toBe(1);
    expect(value('subscriptions', { state: 'paused' })).toBe(1);
    expect(value('subscriptions', { state: 'disabled' })).toBe(0);
    expect(value('events_unsequenced')).toBe(1);
    expect(value('oldest_unsequenced_age_seconds')).toBe(7);
    expect(value('events_invalid')).toBe(1);
    expect(value('last_sequence_number')).toBe(5);
    expect(value('info', { version: '1.2.3' })).toBe(1);
    expect(samples.some(({ name }) => name.startsWith('process_'))).toBe(false);
  });

  it('give a subscription beyond the limit no series of its own, and lose nothing of it', async () => {
    const ids = [];
    for (let count = 0; count < 4; count += 1) {
      ids.push(await addSubscription(log.db));
    }
    const process = makeProcess(log.db);
    await addEvents(log.db, [{}, {}]);
    await process.sequence();
    const deliveries = log.db(TABLES.deliveries);
    await deliveries.clone().update({ created_at: now - 5_000 });
    await deliveries
      .clone()
      .where({ subscription_id: ids[3] })
      .update({ created_at: now - 9_000 });

    const samples = await read(metricsOf({}, 2));
    const backlog = samples.filter(({ name }) => name === 'newswire_backlog');
    expect(backlog.map(({ labels }) => labels['subscription'])).toHaveLength(3);
    expect(backlog.find(({ labels }) => labels['subscription'] === 'other')?.value).toBe(4);
    const named = backlog.filter(({ labels }) => labels['subscription'] !== 'other');
    expect(named.map(({ value }) => value)).toEqual([2, 2]);
    const ages = (of: typeof samples) =>
      of.filter(({ name }) => name === 'newswire_oldest_undelivered_age_seconds');
    expect(Math.max(...ages(samples).map(({ value }) => value))).toBe(9);
    // Whichever of them comes first: of several the oldest counts.
    for (const subscription_id of [ids[0], ids[3]]) {
      await deliveries.clone().update({ created_at: now - 5_000 });
      await deliveries
        .clone()
        .where({ subscription_id })
        .update({ created_at: now - 9_000 });
      const [other, ...more] = ages(await read(metricsOf({}, 0)));
      expect(other).toMatchObject({ labels: { subscription: 'other' }, value: 9 });
      expect(more).toEqual([]);
    }
  });

  it('count attempts and measure them when they have been written', async () => {
    const receiver = await startReceiver(500, 204, 404);
    const subscription = await addSubscription(log.db, {
      url: receiver.url(),
      delivery: { retry: [0, 0], concurrency: 1, order: 'strict' },
    });
    const metrics = metricsOf();
    const process = makeProcess(log.db);
    process.deliverPorts.observer = metrics.observer;
    await addEvents(log.db, [{}, {}]);
    metrics.observer.sequenced(await process.sequence());
    await process.start();
    await waitFor(async () => (await storedDeliveries(log.db)).every(({ settled }) => settled));
    await process.stop();
    await receiver.close();

    const samples = await read(metrics);
    const value = (name: string, labels = {}) =>
      valueOf(samples, `newswire_${name}`, { subscription, ...labels });
    expect(valueOf(samples, 'newswire_events_sequenced_total')).toBe(2);
    expect(valueOf(samples, 'newswire_deliveries_created_total')).toBe(2);
    expect(value('attempts_total', { outcome: 'transient' })).toBe(1);
    expect(value('attempts_total', { outcome: 'delivered' })).toBe(1);
    expect(value('attempts_total', { outcome: 'permanent' })).toBe(1);
    expect(value('deliveries_settled_total', { outcome: 'delivered' })).toBe(1);
    expect(value('deliveries_settled_total', { outcome: 'dead' })).toBe(1);
    expect(value('deliveries_settled_total', { outcome: 'waiting' })).toBeUndefined();
    expect(value('attempt_duration_seconds_count')).toBe(3);
    expect(value('first_attempt_delay_seconds_count')).toBe(2);
    expect(value('first_attempt_delay_seconds_bucket', { le: '10' })).toBe(2);
    expect(value('attempt_duration_seconds_bucket', { le: '+Inf' })).toBe(3);
  });

  it('count nothing that was not written', async () => {
    const receiver = await startReceiver(204);
    await addSubscription(log.db, { url: receiver.url() });
    const metrics = metricsOf();
    const process = makeProcess(log.db);
    process.deliverPorts.observer = metrics.observer;
    await addEvents(log.db, [{}]);
    await process.sequence();
    const [delivery] = await storedDeliveries(log.db);
    receiver.answer({ status: 204, delay: 200 });
    const sending = process.deliverer.deliverNow(delivery!.deliveryId);
    await receiver.received(1);
    // Another process takes it over while the request is under way.
    await log.db(TABLES.deliveries).update({ lease_token: 'another' });
    await sending;
    await process.stop();
    await receiver.close();
    const samples = await read(metrics);
    expect(samples.filter(({ name }) => name === 'newswire_attempts_total')).toEqual([]);
  });

  it('ask the database at most once a second, however many ask them', async () => {
    const metrics = metricsOf();
    await Promise.all(Array.from({ length: 20 }, () => metrics.text()));
    expect(queries).toBe(1);
    now += 999;
    await metrics.text();
    expect(queries).toBe(1);
    now += 60_000;
    await metrics.text();
    expect(queries).toBe(2);
  });

  it('fail when the database does, and are there again when it is', async () => {
    let broken = true;
    const metrics = metricsOf({
      attainment: () => (broken ? Promise.reject(new Error('gone')) : Promise.resolve([])),
    });
    await expect(metrics.text()).rejects.toThrow('gone');
    broken = false;
    expect((await read(metrics)).length).toBeGreaterThan(5);
  });

  it('tell how promises are kept', async () => {
    const kept: SlaAttainment = {
      event_type: 'content.ready',
      within_seconds: 300,
      share: 0.99,
      window_seconds: 86_400,
      samples: 200,
      attainment: 0.985,
      breached_since: '2026-01-17T14:00:00.000Z',
    };
    const unused = { ...kept, event_type: 'rights.updated', samples: 0, attainment: null };
    const samples = await read(
      metricsOf({
        attainment: () => Promise.resolve([kept, { ...unused, breached_since: null }]),
      }),
    );
    const value = (name: string, event_type: string) =>
      valueOf(samples, `newswire_sla_${name}`, { event_type });
    expect(value('attainment_ratio', 'content.ready')).toBe(0.985);
    expect(value('target_ratio', 'content.ready')).toBe(0.99);
    expect(value('samples', 'content.ready')).toBe(200);
    expect(value('breached', 'content.ready')).toBe(1);
    expect(value('attainment_ratio', 'rights.updated')).toBeUndefined();
    expect(value('breached', 'rights.updated')).toBe(0);
  });
});
