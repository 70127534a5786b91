import { judgeHealth, signOf } from '../../domain/endpoint-health';
import type { BreakerPolicy, Result } from '../../domain/endpoint-health';
import { bumpConfigVersion } from '../../store/config-version';
import type { Database } from '../../store/database';
import type { NewEvent } from '../../store/insert-events';
import { keepHealth, lockHealth, selectUnwell } from '../../store/subscription-health';
import type { HealthRow } from '../../store/subscription-health';
import { disableSubscription } from '../../store/subscription-state';
import type { Settled } from './attempt';
import type { OwnerNotice, SubscriptionEvents } from './ports';

/** What follows for subscriptions from the results of their attempts. */
export interface HealthChanges {
  events: NewEvent[];
  notices: OwnerNotice[];
}

/**
 * Counts results towards their subscriptions' health, in the transaction that writes them: opens and closes circuit
 * breakers, and disables by the rule of spec §4. Where all is well, this is one look at the database and no write.
 */
export async function recordHealth(
  trx: Database,
  results: readonly Settled[],
  input: { now: Date; breaker: BreakerPolicy; raise: SubscriptionEvents },
): Promise<HealthChanges> {
  const bySubscription = resultsBySubscription(results);
  const well = (of: Result[]) => of.every(({ sign }) => sign === 'up' || sign === 'none');
  const [fine, failing] = partition([...bySubscription], ([, of]) => well(of));
  const ids = [...failing, ...(await unwell(trx, fine))].map(([id]) => id);
  const changes: HealthChanges = { events: [], notices: [] };
  if (ids.length === 0) {
    return changes;
  }
  for (const row of await lockHealth(trx, ids)) {
    await judge(trx, row, { ...input, results: bySubscription.get(row.id) ?? [], changes });
  }
  return changes;
}

async function unwell(trx: Database, fine: [string, Result[]][]): Promise<[string, Result[]][]> {
  const ids = new Set(
    await selectUnwell(
      trx,
      fine.map(([id]) => id),
    ),
  );
  return fine.filter(([id]) => ids.has(id));
}

async function judge(
  trx: Database,
  row: HealthRow,
  input: {
    results: Result[];
    now: Date;
    breaker: BreakerPolicy;
    raise: SubscriptionEvents;
    changes: HealthChanges;
  },
): Promise<void> {
  const { now, raise, changes } = input;
  const before = {
    failures: row.failures,
    failingSince: row.failingSince,
    open: row.state === 'paused' && row.probeAt !== null,
    probesFailed: row.probesFailed,
  };
  const { health, step } = judgeHealth(before, input);
  const kept = { id: row.id, ...health, probeAt: row.probeAt };
  const since = health.failingSince ?? row.failingSince;
  switch (step.kind) {
    case 'unchanged':
      return;
    case 'counted':
      return keepHealth(trx, kept);
    case 'probe-failed':
      return keepHealth(trx, { ...kept, probeAt: step.probeAt });
    case 'open': {
      // What is sent to a sandbox subscription was asked for by hand; a person looks at it.
      if (row.state !== 'active') return keepHealth(trx, { ...kept, probeAt: null });
      const { probeAt, reason } = step;
      await keepHealth(trx, { ...kept, probeAt }, { state: 'paused', reason, now });
      await bumpConfigVersion(trx);
      changes.events.push(raise.paused(row.id, reason));
      changes.notices.push({ kind: 'paused', subscriptionId: row.id, reason, since });
      return;
    }
    case 'close': {
      await keepHealth(trx, { ...kept, probeAt: null }, { state: 'active', reason: null, now });
      await bumpConfigVersion(trx);
      changes.events.push(raise.recovered(row.id));
      changes.notices.push({ kind: 'recovered', subscriptionId: row.id, reason: null, since });
      return;
    }
    case 'disable': {
      const { reason } = step;
      await keepHealth(trx, { ...kept, probeAt: null });
      return disable(trx, { id: row.id, reason, since }, input);
    }
    default:
      return step satisfies never;
  }
}

/** Disables a subscription, and tells of it unless it was disabled already. */
export async function disable(
  trx: Database,
  what: { id: string; reason: string; since: Date | null },
  input: { now: Date; raise: SubscriptionEvents; changes: HealthChanges },
): Promise<void> {
  const { id, reason, since } = what;
  const { now, raise, changes } = input;
  if (await disableSubscription(trx, { id, reason, now })) {
    await bumpConfigVersion(trx);
    changes.events.push(raise.disabled(id, reason));
    changes.notices.push({ kind: 'disabled', subscriptionId: id, reason, since });
  }
}

function resultsBySubscription(results: readonly Settled[]): Map<string, Result[]> {
  const bySubscription = new Map<string, Result[]>();
  for (const { job, outcome } of results) {
    const { subscriptionId } = job.delivery;
    const known = bySubscription.get(subscriptionId) ?? [];
    known.push({ sign: signOf(outcome), probe: job.probe });
    bySubscription.set(subscriptionId, known);
  }
  return bySubscription;
}

function partition<T>(list: T[], test: (one: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter((one) => !test(one))];
}
