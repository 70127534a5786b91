import { REJECTED_BY_PARTNER } from '../../domain/outcome';
import { cancelOrphans } from '../../store/cancel-orphans';
import { insertEvents } from '../../store/insert-events';
import type { NewEvent } from '../../store/insert-events';
import { settleDeliveries } from '../../store/settle-deliveries';
import { holdSubscription } from '../../store/subscription-state';
import { retryTransient } from '../retry-transient';
import type { Settled } from './attempt';
import { disable, recordHealth } from './health';
import type { DeliverPorts } from './ports';

/** What has come of results. */
export interface Written {
  kept: Settled[];
  /** Subscriptions that were paused or disabled by them. */
  closed: string[];
  /** Something may be sent, or has a time to be sent at, that a claim before has not seen. */
  due: boolean;
}

/**
 * Writes results in one transaction, together with what follows from them: subscriptions held or disabled, and the
 * events that tell of dead letters. A result whose lease another process has taken over is left alone.
 *
 * @returns what was written, whom nothing more may be sent to, and whether to claim again.
 * @throws the database's error, when it does not pass within a few tries; the leases then run out and the deliveries
 *   are sent again.
 */
export async function settle(ports: DeliverPorts, results: Settled[]): Promise<Written> {
  const { breaker, raise } = ports;
  const now = ports.clock.now();
  const { kept, events, notices, due } = await retryTransient(() =>
    ports.transaction(async (trx) => {
      const settled = await settleDeliveries(trx, results, now);
      const keptResults = settled.kept;
      const changes = await recordHealth(trx, keptResults, { now, breaker, raise });
      // After the look at their health, which has locked them: whoever is deleting one has finished by now.
      const retried = keptResults.filter((result) => result.status === 'waiting');
      if (retried.length > 0) {
        const subscriptionIds = retried.map((result) => result.job.delivery.subscriptionId);
        await cancelOrphans(trx, { subscriptionIds: [...new Set(subscriptionIds)], now });
      }
      for (const [subscriptionId, until] of holdsOf(keptResults)) {
        await holdSubscription(trx, subscriptionId, until);
      }
      for (const [id, reason] of disabledBy(keptResults)) {
        await disable(trx, { id, reason, since: null }, { now, raise, changes });
      }
      const { notices } = changes;
      const events = [
        ...changes.events,
        ...keptResults.flatMap((result) => deadLetterEvent(ports, result)),
      ];
      await insertEvents(trx, events);
      const due = settled.woken > 0 || retried.length > 0 || notices.length > 0;
      return { kept: keptResults, events, notices, due };
    }),
  );
  ports.observer?.settled(kept);
  if (kept.length < results.length) {
    ports.log.warn('Results came too late: another process had taken the deliveries over', {
      results: results.length - kept.length,
    });
  }
  if (events.length > 0) {
    ports.eventsInserted();
  }
  for (const notice of notices) ports.tellOwner(notice);
  const closed = notices.filter(({ kind }) => kind !== 'recovered');
  return { kept, closed: closed.map(({ subscriptionId }) => subscriptionId), due };
}

function holdsOf(results: Settled[]): Map<string, Date> {
  const holds = new Map<string, Date>();
  for (const { job, holdUntil } of results) {
    const { subscriptionId } = job.delivery;
    const known = holds.get(subscriptionId);
    if (holdUntil && (!known || holdUntil > known)) {
      holds.set(subscriptionId, holdUntil);
    }
  }
  return holds;
}

function disabledBy(results: Settled[]): Map<string, string> {
  return new Map(
    results
      .filter((result) => result.disable)
      .map((result) => [result.job.delivery.subscriptionId, result.outcome.reason]),
  );
}

function deadLetterEvent(ports: DeliverPorts, result: Settled): NewEvent[] {
  if (result.status !== 'dead') {
    return [];
  }
  const { delivery, event, batch } = result.job;
  const failed = ports.deliveryFailed({
    deliveryId: delivery.deliveryId,
    subscriptionId: delivery.subscriptionId,
    eventId: delivery.batchId ?? event.eventId,
    eventType: delivery.eventType,
    eventTypes: (batch ?? [event]).map(({ eventType }) => eventType),
    attempts: result.attempt.number,
    reason: result.reason ?? result.outcome.reason,
    statusCode: result.outcome.statusCode,
    errorCode: result.outcome.kind === 'delivered' ? REJECTED_BY_PARTNER : result.outcome.errorCode,
  });
  return failed ? [failed] : [];
}
