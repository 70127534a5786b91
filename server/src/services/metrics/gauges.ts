import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { BoundedNames } from '../../domain/bounded-names';
import type { Gauges } from '../../store/read-gauges';
import type { SlaAttainment } from '../sla';

/** What the database said at one moment. */
export interface Reading {
  at: Date;
  gauges: Gauges;
  sla: SlaAttainment[];
}

const STATES = ['sandbox', 'active', 'paused', 'disabled'];

/** The state of the whole installation, which every process reports alike. Returns what puts a reading into the registry. */
export function gaugesOf(
  registry: Registry,
  subscriptions: BoundedNames,
): (reading: Reading) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `newswire_${name}`, help, labelNames, registers: [registry] });

  const bySubscription = ['subscription'];
  const byEvent = ['event_type'];
  const backlog = gauge('backlog', 'Deliveries owed and not settled.', bySubscription);
  const oldest = gauge(
    'oldest_undelivered_age_seconds',
    'Age of the oldest delivery that is owed and not settled; 0 where none is.',
    bySubscription,
  );
  const dead = gauge('dead_letters', 'Deliveries that ended in failure.', bySubscription);
  const states = gauge('subscriptions', 'Subscriptions, by their state.', ['state']);
  const unsequenced = gauge('events_unsequenced', 'Events without a sequence number yet.');
  const unsequencedAge = gauge(
    'oldest_unsequenced_age_seconds',
    'Age of the oldest event without a sequence number; 0 where all have theirs.',
  );
  const invalid = gauge('events_invalid', 'Events that broke their schema: stored, not delivered.');
  const last = gauge('last_sequence_number', 'The last sequence number given, by any process.');
  const attained = gauge(
    'sla_attainment_ratio',
    'Share of the deliveries due in the rolling window that were in time.',
    byEvent,
  );
  const target = gauge('sla_target_ratio', 'Share that is promised.', byEvent);
  const samples = gauge('sla_samples', 'Deliveries due in the rolling window.', byEvent);
  const breached = gauge('sla_breached', '1 while a promise is broken.', byEvent);

  return ({ at, gauges, sla }) => {
    const age = (since: Date | null) =>
      since ? Math.max(0, at.getTime() - since.getTime()) / 1_000 : 0;
    [backlog, oldest, dead, states].forEach((one) => one.reset());
    STATES.forEach((state) => states.set({ state }, 0));
    const ages = new Map<string, number>();
    for (const one of gauges.subscriptions) {
      const subscription = subscriptions.of(one.subscriptionId);
      backlog.inc({ subscription }, one.backlog);
      dead.inc({ subscription }, one.dead);
      if (one.state !== null) states.inc({ state: one.state });
      ages.set(subscription, Math.max(ages.get(subscription) ?? 0, age(one.oldestAt)));
    }
    ages.forEach((seconds, subscription) => oldest.set({ subscription }, seconds));
    unsequenced.set(gauges.unsequenced);
    unsequencedAge.set(age(gauges.oldestUnsequencedAt));
    invalid.set(gauges.invalidEvents);
    last.set(gauges.lastSequenceNumber);

    [attained, target, samples, breached].forEach((one) => one.reset());
    for (const { event_type, share, attainment, samples: count, breached_since } of sla) {
      target.set({ event_type }, share);
      samples.set({ event_type }, count);
      breached.set({ event_type }, breached_since === null ? 0 : 1);
      if (attainment !== null) attained.set({ event_type }, attainment);
    }
  };
}
