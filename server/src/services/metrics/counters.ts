import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { BoundedNames } from '../../domain/bounded-names';
import type { Observer } from '../../flow/observer';

/** From a millisecond on the same machine to a day in which an endpoint was down; in seconds. */
const WAIT_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600, 86_400];

/** Up to the longest time-out that a subscription can have; in seconds. */
const ATTEMPT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];

/**
 * What this process has done since it started. Counted when it has been committed: what was undone, or taken over by
 * another process, is not counted.
 */
export function countersOf(registry: Registry, subscriptions: BoundedNames): Observer {
  const registers = [registry];
  const events = new Counter({
    name: 'newswire_events_sequenced_total',
    help: 'Events given a sequence number by this process.',
    registers,
  });
  const created = new Counter({
    name: 'newswire_deliveries_created_total',
    help: 'Deliveries made by this process for events that it sequenced; replays are not among them.',
    registers,
  });
  const settledTotal = new Counter({
    name: 'newswire_deliveries_settled_total',
    help: 'Deliveries that ended by an attempt of this process: delivered, or dead.',
    labelNames: ['subscription', 'outcome'] as const,
    registers,
  });
  const attempts = new Counter({
    name: 'newswire_attempts_total',
    help: 'Attempts made by this process: delivered, transient, permanent or blocked.',
    labelNames: ['subscription', 'outcome'] as const,
    registers,
  });
  const wait = new Histogram({
    name: 'newswire_first_attempt_delay_seconds',
    help: 'From the capture of an event (occurred_at, inside the content transaction, before its commit) to the start of the first attempt of its delivery; replays and batches are not measured.',
    labelNames: ['subscription'] as const,
    buckets: WAIT_BUCKETS,
    registers,
  });
  const duration = new Histogram({
    name: 'newswire_attempt_duration_seconds',
    help: 'The whole of an attempt: connecting, sending, and reading the answer to its end.',
    labelNames: ['subscription'] as const,
    buckets: ATTEMPT_BUCKETS,
    registers,
  });

  return {
    sequenced(batch) {
      events.inc(batch.events);
      created.inc(batch.deliveries);
    },
    settled(results) {
      for (const { job, status, attempt } of results) {
        const subscription = subscriptions.of(job.delivery.subscriptionId);
        attempts.inc({ subscription, outcome: attempt.outcome });
        duration.observe({ subscription }, attempt.durationMs / 1_000);
        if (status !== 'waiting') {
          settledTotal.inc({ subscription, outcome: status });
        }
        if (attempt.number === 1 && !job.delivery.replay && job.batch === null) {
          const waited = attempt.startedAt.getTime() - job.event.occurredAt.getTime();
          // The clocks of two processes may differ by a little.
          wait.observe({ subscription }, Math.max(0, waited) / 1_000);
        }
      }
    },
  };
}
