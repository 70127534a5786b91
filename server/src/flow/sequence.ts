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
import type { Database, RunInTransaction } from '../store/database';
import { insertEvents } from '../store/insert-events';
import { numberAndLease } from '../store/number-and-lease';
import type { LeasedFromBeginning } from '../store/number-and-lease';
import { numberEvents, releaseEvents } from '../store/number-events';
import type { Numbering } from '../store/number-events';
import { isHeld, lockSequence } from '../store/sequence-events';
import type { Offer } from './deliver/at-once';
import { planBatch } from './plan-batch';
import { arrange, failureOf, owedOf } from './owe';
import type { OwePorts } from './owe';
import type { Clock } from './ports';
import type { Route } from './route';
import type { Question, Verdicts } from './verdicts';

/** Deliveries written in one transaction, about; with many subscriptions fewer events are taken at a time. */
const MAX_DELIVERIES_PER_BATCH = 5_000;

/** Deliveries of one transaction that are sent without a claim, at most: with more, a claim is the smaller part of the way. */
const MAX_AT_ONCE = 16;

export interface SequencerPorts extends OwePorts {
  transaction: RunInTransaction;
  /** The subscriptions as this transaction sees them, in this version of the configuration. */
  routes(trx: Database, configVersion: number): Promise<readonly Route[]>;
  /** How many there were when they were last read: no more events are read than can be routed to so many. */
  knownRoutes?: number;
  verdicts: Verdicts;
  /** The worker of this process, who may send new deliveries at once: one subscription's id for each of them. */
  offer?(subscriptionIds: string[]): Offer | null;
  clock: Clock;
}

export interface Sequenced {
  events: number;
  deliveries: number;
  /** Of these, how many are left to a claim. */
  waiting: number;
  /** The last release number that was given; null where none was. */
  lastRelease: number | null;
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
  lastRelease: null,
  more: false,
  questions: [],
  answered: [],
  taken: null,
};

/** One batch; does nothing when another process is at it. */
export async function sequenceBatch(ports: SequencerPorts, batchSize: number): Promise<Sequenced> {
  return finish(ports, await ports.transaction((trx) => numberBatch(trx, ports, batchSize)));
}

/**
 * One batch of events that were approved after they had been numbered: they get their release numbers, behind all others, and
 * are owed to the subscriptions outside that want them. Under the sequencer's lock; does nothing when another process has it.
 */
export async function releaseBatch(ports: SequencerPorts, batchSize: number): Promise<Sequenced> {
  return finish(ports, await ports.transaction((trx) => releaseApproved(trx, ports, batchSize)));
}

async function finish(ports: SequencerPorts, done: Numbered): Promise<Sequenced> {
  const { questions, answered, taken, ...sequenced } = done;
  await taken?.offer.send(taken.leased);
  ports.verdicts.forget(answered);
  if (questions.length > 0) {
    await ports.verdicts.ask(questions);
  }
  return { ...sequenced, more: sequenced.more || questions.length > 0 };
}

async function releaseApproved(
  trx: Database,
  ports: SequencerPorts,
  batchSize: number,
): Promise<Numbered> {
  const held = await lockSequence(trx, batchSize, 'approved');
  if (held === null || held.events.length === 0) return NOTHING;
  const routes = (await ports.routes(trx, held.configVersion)).filter(({ outside }) => outside);
  const limit = limitOf(batchSize, routes.length);
  const plan = planBatch(held.events.slice(0, limit), routes, (question) =>
    ports.verdicts.of(question),
  );
  const { planned } = plan;
  if (planned.length === 0) return { ...NOTHING, questions: plan.questions };
  const now = ports.clock.now();
  const owed = owedOf(ports, planned, {
    now,
    numberOf: ({ sequenceNumber }) => sequenceNumber ?? 0,
  });
  const deliveries = await arrange(trx, owed, { now, newId: ports.newId });
  const released = planned.map(({ event }) => event.id);
  const firstRelease = held.lastRelease + 1;
  await releaseEvents(trx, { released, firstRelease, deliveries, now });
  await insertEvents(
    trx,
    owed.flatMap((one) => failureOf(ports, one)),
  );
  return {
    ...NOTHING,
    events: planned.length,
    deliveries: deliveries.length,
    waiting: deliveries.length,
    lastRelease: held.lastRelease + released.length,
    more: held.events.length >= limit,
    questions: plan.questions,
    answered: planned.flatMap(({ answered }) => answered),
  };
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
  const owed = owedOf(ports, planned, { now, numberOf: (_, index) => first + index });
  const ids = planned.map(({ event }) => event.id);
  const released = planned.filter(({ event }) => !isHeld(event)).map(({ event }) => event.id);
  const firstRelease = held.lastRelease + 1;
  const deliveries = await arrange(trx, owed, { now, newId: ports.newId });
  const numbering = { ids, first, released, firstRelease, deliveries, now };
  const taken = await takeUp(trx, numbering, ports);
  if (taken === null) await numberEvents(trx, numbering);
  const raised = owed.flatMap((one) => failureOf(ports, one));
  await insertEvents(trx, raised);
  return {
    events: planned.length,
    deliveries: deliveries.length,
    waiting: deliveries.length - (taken?.leased.length ?? 0),
    lastRelease: released.length > 0 ? held.lastRelease + released.length : null,
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
