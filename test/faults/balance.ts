/**
 * What must be true of a run's books, whatever has happened on the way:
 *
 *   content     each committed edit has its event, and nothing else has one
 *   numbers     1, 2, 3 … without gap or repeat
 *   deliveries  events × matching subscriptions = delivered + dead + waiting + superseded + cancelled
 *   receiver    saw each delivered event at least once, nothing that was not owed, the log's own bytes, in order
 *
 * Decides only; ledger.ts reads the books and prints the result.
 */
import type { BookedEvent, Books } from './books';
import type { Desk } from './desks';
import type { Edit } from './edits';

/** Where a delivery can be when nobody works on it. */
export const STATUSES = ['delivered', 'dead', 'waiting', 'superseded', 'cancelled'] as const;

/** What arrived for one desk by one request. */
export interface Seen {
  desk: string;
  eventIds: string[];
  /** The bytes of each event. */
  bytes: string[];
  /** Whether the signature is the desk's own. */
  signed: boolean;
}

export interface Run {
  books: Books;
  edits: readonly Edit[];
  desks: readonly (Desk & { id: string })[];
  seen: readonly Seen[];
}

/** Why the books cannot be closed at all, if they cannot. */
export function openItems({ books, desks }: Run): string[] {
  const unnumbered = books.events.filter(({ number }) => number === null).length;
  const ours = new Set(desks.map(({ id }) => id));
  const known: readonly string[] = STATUSES;
  const underWay = books.deliveries.filter(
    ({ status, subscriptionId }) => ours.has(subscriptionId) && !known.includes(status),
  );
  return [
    ...(books.events.length === 0 ? ['there is no event at all'] : []),
    ...(unnumbered > 0 ? [`${unnumbered} events have no number yet`] : []),
    ...(underWay.length > 0
      ? [`${underWay.length} deliveries are still ${underWay[0]?.status}`]
      : []),
  ];
}

/** Says what does not agree, a sentence each; empty when all does. */
export function disagreements(run: Run): string[] {
  return [
    ...contentAgainstLog(run),
    ...numbers(run.books.events),
    ...run.desks.flatMap((desk) => [...deliveriesOf(run, desk), ...receivedBy(run, desk)]),
  ];
}

/** Invariant 1: content is committed exactly when its events are. */
export function contentAgainstLog({ books, edits }: Pick<Run, 'books' | 'edits'>): string[] {
  const problems: string[] = [];
  const tried = new Map(edits.map((edit) => [edit.label, edit]));
  const standing = new Map<string, string>();
  const labels = new Map<string, string>();
  const gone = new Set<string>();
  for (const { type, subjectId, label, eventId } of books.events) {
    if (label === null) continue;
    if (type === 'entry.deleted') {
      standing.delete(subjectId);
      gone.add(subjectId);
      continue;
    }
    if (!tried.has(label)) problems.push(`Event ${eventId} tells of "${label}", which nobody did`);
    if (labels.has(label)) problems.push(`"${label}" has two events`);
    labels.set(label, eventId);
    standing.set(subjectId, label);
  }
  for (const { kind, label, documentId, confirmed } of edits) {
    const told = kind === 'delete' ? gone.has(documentId ?? '') : labels.has(label);
    if (confirmed && !told) problems.push(`"${label}" (${kind}) was confirmed and has no event`);
  }
  for (const id of new Set([...standing.keys(), ...books.content.keys()])) {
    const [here, there] = [books.content.get(id), standing.get(id)];
    if (here !== there) {
      problems.push(`Document ${id} is "${here}" by the content and "${there}" by the log`);
    }
  }
  return problems;
}

function numbers(events: BookedEvent[]): string[] {
  const wrong = events.findIndex(({ number }, index) => number !== index + 1);
  return wrong === -1
    ? []
    : [`Number ${wrong + 1} is missing or repeated: ${events[wrong]?.number}`];
}

/** Invariant 3: one delivery for each event that the desk wants, and none for any other. */
function deliveriesOf({ books, desks }: Run, desk: Run['desks'][number]): string[] {
  const owed = owedTo(books, desk.id);
  const counts = new Map<string, number>();
  for (const { eventId } of owed) counts.set(eventId, (counts.get(eventId) ?? 0) + 1);
  const problems: string[] = [];
  for (const event of books.events) {
    // What is for one subscription alone is none of the matching's business.
    const expected = desk.wants(event) ? 1 : 0;
    const found = counts.get(event.eventId) ?? 0;
    if (found !== expected) {
      problems.push(
        `${desk.name}: ${found} deliveries of ${event.type} ${event.number}, not ${expected}`,
      );
    }
  }
  for (const { eventId, status } of owed) {
    if (status !== 'superseded') continue;
    const event = books.events.find((one) => one.eventId === eventId);
    const newer = books.events.some(
      (one) => one.subjectId === event?.subjectId && one.type === event.type && one.id > event.id,
    );
    if (!newer) problems.push(`${desk.name}: ${eventId} was superseded by nothing`);
  }
  const known = new Set(desks.map(({ id }) => id));
  return known.has(desk.id) ? problems : [...problems, `${desk.name} is no subscription`];
}

function receivedBy({ books, seen }: Run, desk: Run['desks'][number]): string[] {
  const problems: string[] = [];
  const byId = new Map(books.events.map((event) => [event.eventId, event]));
  const owed = owedTo(books, desk.id);
  const owedIds = new Set(owed.map(({ eventId }) => eventId));
  const arrived = new Set<string>();
  const latest = new Map<string, number>();
  for (const request of seen.filter((one) => one.desk === desk.id)) {
    if (!request.signed) problems.push(`${desk.name}: a request without a valid signature`);
    for (const [index, eventId] of request.eventIds.entries()) {
      const event = byId.get(eventId);
      if (!event || !owedIds.has(eventId)) {
        problems.push(`${desk.name}: received ${eventId}, which it is not owed`);
        continue;
      }
      if (request.bytes[index] !== event.bytes) {
        problems.push(`${desk.name}: other bytes than the log's for ${eventId}`);
      }
      const lane = desk.order === 'subject' ? event.subjectId : desk.order;
      const number = event.number ?? 0;
      if (desk.order !== 'none' && !arrived.has(eventId)) {
        if (number < (latest.get(lane) ?? 0)) {
          problems.push(`${desk.name}: ${number} came first after ${latest.get(lane)}`);
        }
        latest.set(lane, number);
      }
      arrived.add(eventId);
    }
  }
  for (const { eventId, status } of owed) {
    if (status === 'delivered' && !arrived.has(eventId)) {
      problems.push(`${desk.name}: ${eventId} is delivered and never arrived`);
    }
  }
  return problems;
}

/** Each event that a subscription is owed, those of its batches one by one. */
export function owedTo(books: Books, subscriptionId: string) {
  return books.deliveries
    .filter((delivery) => delivery.subscriptionId === subscriptionId)
    .flatMap(({ eventIds, status }) => eventIds.map((eventId) => ({ eventId, status })));
}
