/**
 * Gives events their sequence numbers, and routes them, in one short transaction under a lock.
 *
 * Numbers are given after the content's transaction has committed, because an id or a clock taken inside it becomes
 * visible out of order, and a reader that has passed it never comes back. One process at a time holds the lock until
 * its commit; so a number once visible means that all smaller ones are visible, and there is no gap.
 *
 * Filter conditions are evaluated between these transactions, never in one: a transaction finds out what has to be asked,
 * leaves those events, and a later one takes them by the verdicts (verdicts.ts, plan-batch.ts).
 */
import { deadline } from '../domain/sla';
import { coalesceKeyOf } from '../domain/subscription';
import type { Database, RunInTransaction } from '../store/database';
import type { NewDelivery } from '../store/insert-deliveries';
import { insertEvents } from '../store/insert-events';
import type { NewEvent } from '../store/insert-events';
import { numberAndLease } from '../store/number-and-lease';
import type { LeasedFromBeginning } from '../store/number-and-lease';
import { numberEvents } from '../store/number-events';
import type { Numbering } from '../store/number-events';
import { lockSequence } from '../store/sequence-events';
import type { UnsequencedEvent } from '../store/sequence-events';
import { fillBatches } from './batch';
import type { BatchedDelivery } from './batch';
import { coalesce } from './coalesce';
import type { CoalescedDelivery } from './coalesce';
import type { Offer } from './deliver/at-once';
import type { FailedDelivery } from './deliver/ports';
import { planBatch } from './plan-batch';
import type { Planned } from './plan-batch';
import type { Clock, NewId } from './ports';
import type { Route, Routed } from './route';
import type { Question, Verdicts } from './verdicts';

/** Deliveries written in one transaction, about; with many subscriptions fewer events are taken at a time. */
const MAX_DELIVERIES_PER_BATCH = 5_000;

/**
 * When a delivery of high priority is due: before all others, which claims take in the order in which they became due. A
 * retry is due when it is due.
 */
const BEFORE_ALL_OTHERS = new Date(0);

/** How long an event for one subscription alone is left to who asked for it, before a worker takes it. */
const TARGETED_GRACE_MS = 60_000;

/** Deliveries of one transaction that are sent without a claim, at most: with more, a claim is the smaller part of the way. */
const MAX_AT_ONCE = 16;

/** Error code of a delivery that ended because its subscription's condition could not be evaluated. */
const CONDITION_FAILED = 'condition_failed';

/** Reasons are kept in a column of 500 characters. */
const MAX_REASON_LENGTH = 500;

export interface SequencerPorts {
  transaction: RunInTransaction;
  /** The subscriptions as this transaction sees them, in this version of the configuration. */
  routes(trx: Database, configVersion: number): Promise<readonly Route[]>;
  /** How many there were when they were last read: no more events are read than can be routed to so many. */
  knownRoutes?: number;
  verdicts: Verdicts;
  /** The worker of this process, who may send new deliveries at once: one subscription's id for each of them. */
  offer?(subscriptionIds: string[]): Offer | null;
  /** The event that tells of a dead letter; null where none is due (operational events). */
  deliveryFailed(failure: FailedDelivery): NewEvent | null;
  /** Seconds within which events of a type are promised to be delivered; null where nothing is promised. */
  within?(eventType: string): number | null;
  /** Whether deliveries of such events go before others. */
  isUrgent?(eventType: string): boolean;
  newId: NewId;
  clock: Clock;
}

export interface Sequenced {
  events: number;
  deliveries: number;
  /** Of these, how many are left to a claim. */
  waiting: number;
  /** True when there may be more to do at once. */
  more: boolean;
}

interface Numbered extends Sequenced {
  /** To be evaluated before more can be numbered. */
  questions: Question[];
  /** Asked of the events that have their numbers now. */
  answered: Question[];
  taken: Taken | null;
}

/** What the worker of this process sends at once. */
interface Taken {
  offer: Offer;
  leased: LeasedFromBeginning[];
}

const NOTHING: Numbered = {
  events: 0,
  deliveries: 0,
  waiting: 0,
  more: false,
  questions: [],
  answered: [],
  taken: null,
};

/** One batch; does nothing when another process is at it. */
export async function sequenceBatch(ports: SequencerPorts, batchSize: number): Promise<Sequenced> {
  const done = await ports.transaction((trx) => numberBatch(trx, ports, batchSize));
  const { events, deliveries, waiting, more, questions, answered, taken } = done;
  await taken?.offer.send(taken.leased);
  ports.verdicts.forget(answered);
  if (questions.length > 0) {
    await ports.verdicts.ask(questions);
  }
  return { events, deliveries, waiting, more: more || questions.length > 0 };
}

async function numberBatch(
  trx: Database,
  ports: SequencerPorts,
  batchSize: number,
): Promise<Numbered> {
  // What is pending stands in front and is left there, so it must not take the place of what can be numbered.
  const { pending } = ports.verdicts;
  const asked = limitOf(batchSize, ports.knownRoutes ?? 0);
  const held = await lockSequence(trx, asked + pending);
  if (held === null) {
    return NOTHING;
  }
  const first = held.last + 1;
  const routes = await ports.routes(trx, held.configVersion);
  const limit = Math.min(asked, limitOf(batchSize, routes.length));
  const events = held.events.slice(0, limit + pending);
  const plan = planBatch(events, routes, (question) => ports.verdicts.of(question));
  const planned = plan.planned.slice(0, limit);
  if (planned.length === 0) {
    return { ...NOTHING, questions: plan.questions };
  }
  const now = ports.clock.now();
  const owed = owedOf(ports, planned, { first, now });
  const ids = planned.map(({ event }) => event.id);
  const deliveries = await arrange(trx, owed, { now, newId: ports.newId });
  const numbering = { ids, first, deliveries, now };
  const taken = await takeUp(trx, numbering, ports);
  if (taken === null) await numberEvents(trx, numbering);
  const raised = owed.flatMap((one) => failureOf(ports, one));
  await insertEvents(trx, raised);
  return {
    events: planned.length,
    deliveries: deliveries.length,
    waiting: deliveries.length - (taken?.leased.length ?? 0),
    taken,
    more: raised.length > 0 || events.length >= limit,
    questions: plan.questions,
    answered: planned.flatMap(({ answered }) => answered),
  };
}

/** How many events are numbered at once. */
function limitOf(batchSize: number, routes: number): number {
  return Math.min(
    batchSize,
    Math.max(1, Math.floor(MAX_DELIVERIES_PER_BATCH / Math.max(1, routes))),
  );
}

/**
 * Numbers events as {@link numberEvents} does, and leases what can be sent at once. Does nothing and tells null where there is
 * no such thing, or too much of it, or the worker of this process has something else to do.
 */
async function takeUp(
  trx: Database,
  numbering: Numbering,
  ports: SequencerPorts,
): Promise<Taken | null> {
  const { deliveries, now } = numbering;
  const plain = deliveries.filter(
    ({ settled, batch, coalesceKey, dueAt }) =>
      !settled && !batch && coalesceKey === undefined && dueAt <= now,
  );
  const few = plain.length > 0 && plain.length <= MAX_AT_ONCE;
  const offer = few
    ? (ports.offer?.(plain.map(({ subscriptionId }) => subscriptionId)) ?? null)
    : null;
  if (offer === null) {
    return null;
  }
  const { lease } = offer;
  const leasing = new Set(plain);
  const withTokens = deliveries.map((one) =>
    leasing.has(one) ? { ...one, leaseToken: lease.token } : one,
  );
  const leased = await numberAndLease(trx, { ...numbering, deliveries: withTokens, lease });
  return { offer, leased };
}

function owedOf(
  ports: SequencerPorts,
  planned: Planned[],
  { first, now }: { first: number; now: Date },
): Owed[] {
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
          sequenceNumber: first + index,
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

function dueAtOf(ports: SequencerPorts, event: UnsequencedEvent, now: Date): Date {
  if (event.targetSubscriptionId) return new Date(now.getTime() + TARGETED_GRACE_MS);
  return ports.isUrgent?.(event.eventType) ? BEFORE_ALL_OTHERS : now;
}

/** The event that tells of a delivery which is dead because its condition failed. */
function failureOf(ports: SequencerPorts, { event, delivery }: Owed): NewEvent[] {
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
async function arrange(
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
  ports: SequencerPorts,
  { event, route, now }: { event: UnsequencedEvent; route: Routed['route']; now: Date },
): Date | null {
  const within = ports.within?.(event.eventType) ?? null;
  return within === null || route.batch || route.coalesceMs > 0
    ? null
    : deadline(event.occurredAt, within, now);
}
