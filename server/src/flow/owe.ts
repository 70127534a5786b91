/** What is owed of planned events, to whom, from when on; and what is raised where it cannot be. */
import { MAX_REASON_LENGTH } from '../domain/settlement';
import { deadline } from '../domain/sla';
import { coalesceKeyOf } from '../domain/subscription';
import type { Database } from '../store/database';
import type { NewDelivery } from '../store/insert-deliveries';
import type { NewEvent } from '../store/insert-events';
import type { UnsequencedEvent } from '../store/sequence-events';
import { fillBatches } from './batch';
import type { BatchedDelivery } from './batch';
import { coalesce } from './coalesce';
import type { CoalescedDelivery } from './coalesce';
import type { FailedDelivery } from './deliver/ports';
import type { Planned } from './plan-batch';
import type { NewId } from './ports';
import type { Routed } from './route';

/**
 * When a delivery of high priority is due: before all others, which claims take in the order in which they became due. A
 * retry is due when it is due.
 */
const BEFORE_ALL_OTHERS = new Date(0);

/** How long an event for one subscription alone is left to who asked for it, before a worker takes it. */
const TARGETED_GRACE_MS = 60_000;

/** Error code of a delivery that ended because its subscription's condition could not be evaluated. */
const CONDITION_FAILED = 'condition_failed';

export interface OwePorts {
  /** The event that tells of a dead letter; null where none is due (operational events). */
  deliveryFailed(failure: FailedDelivery): NewEvent | null;
  /** Seconds within which events of a type are promised to be delivered; null where nothing is promised. */
  within?(eventType: string): number | null;
  /** Whether deliveries of such events go before others. */
  isUrgent?(eventType: string): boolean;
  newId: NewId;
}

export function owedOf(
  ports: OwePorts,
  planned: Planned[],
  input: { now: Date; numberOf: (event: UnsequencedEvent, index: number) => number },
): Owed[] {
  const { now } = input;
  return planned.flatMap(({ event, owed }, index) =>
    owed.map(({ routed: { route, orderKey }, failure }): Owed => {
      const reason = failure?.slice(0, MAX_REASON_LENGTH);
      return {
        route,
        event,
        delivery: {
          deliveryId: ports.newId(),
          subscriptionId: route.subscriptionId,
          eventRef: event.id,
          eventType: event.eventType,
          sequenceNumber: input.numberOf(event, index),
          subjectId: event.subjectId,
          orderKey,
          replay: false,
          dueAt: dueAtOf(ports, event, now),
          ...(reason === undefined ? {} : { settled: { status: 'dead', reason } }),
          slaDueAt: deadlineOf(ports, { event, route, now }),
        },
      };
    }),
  );
}

function dueAtOf(ports: OwePorts, event: UnsequencedEvent, now: Date): Date {
  if (event.targetSubscriptionId) return new Date(now.getTime() + TARGETED_GRACE_MS);
  return ports.isUrgent?.(event.eventType) ? BEFORE_ALL_OTHERS : now;
}

/** The event that tells of a delivery which is dead because its condition failed. */
export function failureOf(ports: OwePorts, { event, delivery }: Owed): NewEvent[] {
  if (!delivery.settled) {
    return [];
  }
  const failed = ports.deliveryFailed({
    deliveryId: delivery.deliveryId,
    subscriptionId: delivery.subscriptionId,
    eventId: event.eventId,
    eventType: event.eventType,
    eventTypes: [event.eventType],
    attempts: 0,
    reason: delivery.settled.reason,
    statusCode: null,
    errorCode: CONDITION_FAILED,
  });
  return failed ? [failed] : [];
}

interface Owed {
  route: Routed['route'];
  event: UnsequencedEvent;
  delivery: NewDelivery;
}

/** Deliveries as their subscriptions want them: one by one, only the newest of several, or in batches. */
export async function arrange(
  trx: Database,
  owed: Owed[],
  input: { now: Date; newId: NewId },
): Promise<NewDelivery[]> {
  const single: NewDelivery[] = [];
  const coalesced: CoalescedDelivery[] = [];
  const batched: BatchedDelivery[] = [];
  for (const { route, event, delivery } of owed) {
    if (delivery.settled) {
      single.push(delivery);
    } else if (route.batch) {
      batched.push({ ...delivery, limits: route.batch });
    } else if (route.coalesceMs > 0) {
      const coalesceKey = coalesceKeyOf(event);
      coalesced.push({ ...delivery, coalesceKey, windowMs: route.coalesceMs });
    } else {
      single.push(delivery);
    }
  }
  return [
    ...single,
    ...(await coalesce(trx, coalesced, input.now)),
    ...(await fillBatches(trx, batched, input)),
  ];
}

/** Who wants batches, or the newest state alone, has asked for the delay: nothing is promised there. */
function deadlineOf(
  ports: OwePorts,
  { event, route, now }: { event: UnsequencedEvent; route: Routed['route']; now: Date },
): Date | null {
  const within = ports.within?.(event.eventType) ?? null;
  return within === null || route.batch || route.coalesceMs > 0
    ? null
    : deadline(event.occurredAt, within, now);
}
