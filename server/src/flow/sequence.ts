/**
 * Gives events their sequence numbers, and routes them, in one short transaction under a lock.
 *
 * Numbers are given after the content's transaction has committed, because an id or a clock taken inside it becomes
 * visible out of order, and a reader that has passed it never comes back. One process at a time holds the lock until
 * its commit; so a number once visible means that all smaller ones are visible, and there is no gap.
 */
import { deadline } from '../domain/sla';
import { coalesceKeyOf } from '../domain/subscription';
import type { Database, RunInTransaction } from '../store/database';
import { insertDeliveries } from '../store/insert-deliveries';
import type { NewDelivery } from '../store/insert-deliveries';
import { lockSequence, numberEvents, selectUnsequenced } from '../store/sequence-events';
import type { UnsequencedEvent } from '../store/sequence-events';
import { fillBatches } from './batch';
import type { BatchedDelivery } from './batch';
import { coalesce } from './coalesce';
import type { CoalescedDelivery } from './coalesce';
import type { Clock, NewId } from './ports';
import { routeEvent } from './route';
import type { Route, Routed } from './route';

/** Deliveries written in one transaction, about; with many subscriptions fewer events are taken at a time. */
const MAX_DELIVERIES_PER_BATCH = 5_000;

/** How long an event for one subscription alone is left to who asked for it, before a worker takes it. */
const TARGETED_GRACE_MS = 60_000;

export interface SequencerPorts {
  transaction: RunInTransaction;
  /** The subscriptions as this transaction sees them. */
  routes(trx: Database): Promise<readonly Route[]>;
  /** Seconds within which events of a type are promised to be delivered; null where nothing is promised. */
  within?(eventType: string): number | null;
  newId: NewId;
  clock: Clock;
}

export interface Sequenced {
  events: number;
  deliveries: number;
  /** True when there may be more to do at once. */
  more: boolean;
}

const NOTHING: Sequenced = { events: 0, deliveries: 0, more: false };

/** One batch; does nothing when another process is at it. */
export async function sequenceBatch(ports: SequencerPorts, batchSize: number): Promise<Sequenced> {
  return ports.transaction(async (trx) => {
    const last = await lockSequence(trx);
    if (last === null) {
      return NOTHING;
    }
    const routes = await ports.routes(trx);
    const limit = Math.min(
      batchSize,
      Math.max(1, Math.floor(MAX_DELIVERIES_PER_BATCH / Math.max(1, routes.length))),
    );
    const events = await selectUnsequenced(trx, limit);
    if (events.length === 0) {
      return NOTHING;
    }
    const now = ports.clock.now();
    const owed = events.flatMap((event, index) =>
      routeEvent(event, routes).map(({ route, orderKey }) => ({
        route,
        event,
        delivery: {
          deliveryId: ports.newId(),
          subscriptionId: route.subscriptionId,
          eventRef: event.id,
          eventType: event.eventType,
          sequenceNumber: last + 1 + index,
          subjectId: event.subjectId,
          orderKey,
          replay: false,
          dueAt: new Date(now.getTime() + (event.targetSubscriptionId ? TARGETED_GRACE_MS : 0)),
          slaDueAt: deadlineOf(ports, { event, route, now }),
        },
      })),
    );
    const ids = events.map((event) => event.id);
    await numberEvents(trx, { ids, first: last + 1, producedAt: now });
    const deliveries = await arrange(trx, owed, { now, newId: ports.newId });
    await insertDeliveries(trx, deliveries, now);
    return { events: events.length, deliveries: deliveries.length, more: events.length === limit };
  });
}

interface Owed {
  route: Routed['route'];
  event: UnsequencedEvent;
  delivery: NewDelivery;
}

/** Deliveries as their subscriptions want them: one by one, only the newest of several, or in batches. */
async function arrange(
  trx: Database,
  owed: Owed[],
  input: { now: Date; newId: NewId },
): Promise<NewDelivery[]> {
  const single: NewDelivery[] = [];
  const coalesced: CoalescedDelivery[] = [];
  const batched: BatchedDelivery[] = [];
  for (const { route, event, delivery } of owed) {
    if (route.batch) {
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
  ports: SequencerPorts,
  { event, route, now }: { event: UnsequencedEvent; route: Routed['route']; now: Date },
): Date | null {
  const within = ports.within?.(event.eventType) ?? null;
  return within === null || route.batch || route.coalesceMs > 0
    ? null
    : deadline(event.occurredAt, within, now);
}
