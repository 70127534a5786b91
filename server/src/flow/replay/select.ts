import { compileSelection, statusesOf } from '../../domain/replay';
import type { Selection } from '../../domain/replay';
import { readBatchedEvents } from '../../store/batched-events';
import { readLoggedEvents, readLoggedRange } from '../../store/logged-events';
import type { LoggedEvent, Span } from '../../store/logged-events';
import { nextNumberIn, readNewestDeliveries, readOwedNumbers } from '../../store/newest-deliveries';
import type { NewestDelivery } from '../../store/newest-deliveries';
import { readBatches } from '../../store/read-batches';
import type { ReadPorts, ReplayRule } from './ports';

/** What a replay looks for, and where. */
export interface ReplayScope extends Selection, Span {
  subscriptionId: string;
  /** Last sequence number that is looked at. */
  upTo: number;
}

/** What becomes one delivery again: an event, or a batch as it was. */
export interface ReplayUnit {
  /** The event; of a batch one that qualifies. */
  event: LoggedEvent;
  /** The batch's delivery; it is sent again whole. */
  batch: NewestDelivery | null;
  sequenceNumber: number;
}

/** What is to be replayed, in order, and how far the log was looked through for it. */
export interface Found {
  units: ReplayUnit[];
  position: number;
}

export interface SelectInput {
  scope: ReplayScope;
  rule: ReplayRule;
  /** What comes after this sequence number is looked at. */
  position: number;
  /** Rows looked at in one go. */
  window: number;
}

/**
 * Looks through the next part of the log, or of the subscription's deliveries. Short statements that each read no more
 * rows than the window has, whatever the planner believes of the tables.
 */
export async function selectFrom(ports: ReadPorts, input: SelectInput): Promise<Found> {
  return input.scope.missing ? selectMissing(ports, input) : selectSettled(ports, input);
}

async function selectMissing(
  { db }: ReadPorts,
  { scope, rule, position: after, window }: SelectInput,
): Promise<Found> {
  const { subscriptionId } = scope;
  const upTo = Math.min(after + window, scope.upTo);
  const range = await readLoggedRange(db, { ...scope, after, upTo });
  const owed = await readOwedNumbers(db, { subscriptionId, after, upTo });
  const { takesType } = compileSelection(scope);
  const alone = range.filter(
    (event) => !owed.has(event.sequenceNumber) && takesType(event.eventType),
  );
  const eventRefs = alone.map((event) => event.id);
  const batched = await readBatchedEvents(db, { subscriptionId, eventRefs });
  const events = await rule.matching(alone.filter((event) => !batched.has(event.id)));
  return { units: events.map(asUnit), position: upTo };
}

async function selectSettled(
  { db }: ReadPorts,
  { scope, position: after, window: limit }: SelectInput,
): Promise<Found> {
  const { subscriptionId, upTo } = scope;
  const read = { subscriptionId, after, upTo, limit };
  const { newest, position } = await readNewestDeliveries(db, read);
  const { takesStanding, takesType } = compileSelection(scope);
  const standing = newest.filter(takesStanding);
  const batches = await readBatches(
    db,
    standing.flatMap(({ batch }) => (batch ? [batch.batchId] : [])),
  );
  const membersOf = ({ batch, eventRef }: NewestDelivery) =>
    batch ? (batches.get(batch.batchId) ?? []) : [eventRef];
  const ids = standing.flatMap(membersOf);
  const events = (await readLoggedEvents(db, { ...scope, ids })).filter((event) =>
    takesType(event.eventType),
  );
  const byId = new Map(events.map((event) => [event.id, event]));
  const units = standing.flatMap((delivery) => {
    const [event] = membersOf(delivery).flatMap((id) => byId.get(id) ?? []);
    return event ? [delivery.batch ? asBatch(event, delivery) : asUnit(event)] : [];
  });
  if (standing.length > 0 || position >= upTo) {
    return { units, position };
  }
  const statuses = statusesOf(scope);
  const next = await nextNumberIn(db, { subscriptionId, statuses, after: position });
  return { units, position: next === null ? upTo : Math.min(next - 1, upTo) };
}

function asUnit(event: LoggedEvent): ReplayUnit {
  return { event, batch: null, sequenceNumber: event.sequenceNumber };
}

function asBatch(event: LoggedEvent, batch: NewestDelivery): ReplayUnit {
  return { event, batch, sequenceNumber: batch.sequenceNumber };
}
