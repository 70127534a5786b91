import { expect, it } from 'vitest';
import { ASSIGNMENT } from '../../faults/assignment';
import { disagreements, openItems, type Run } from '../../faults/balance';
import type { BookedEvent } from '../../faults/books';
import { CONTRACTS } from '../../faults/desks';

const event = (number: number, change: Partial<BookedEvent> = {}): BookedEvent => ({
  id: number,
  eventId: `event-${number}`,
  type: 'entry.created',
  subjectType: ASSIGNMENT.uid,
  subjectId: `document-${number}`,
  number,
  label: `Edit ${number}`,
  dates: true,
  bytes: `bytes of ${number}`,
  ...change,
});

/** Two edits, all as it should be: the first delivered, the second dead. */
function fairRun(): Run {
  const events = [event(1), event(2)];
  const edit = { kind: 'create' as const, dates: true, confirmed: true };
  const owed = { subscriptionId: 'desk', attempts: 1 };
  return {
    books: {
      content: new Map(events.map(({ subjectId, label }) => [subjectId, label ?? ''])),
      events,
      deliveries: [
        { ...owed, eventIds: ['event-1'], status: 'delivered' },
        { ...owed, eventIds: ['event-2'], status: 'dead' },
      ],
    },
    edits: events.map(({ label, subjectId }) => ({
      ...edit,
      label: label ?? '',
      documentId: subjectId,
    })),
    desks: [{ ...CONTRACTS, id: 'desk' }],
    seen: [{ desk: 'desk', eventIds: ['event-1'], bytes: ['bytes of 1'], signed: true }],
  };
}

it('finds nothing in books that agree', () => {
  expect(openItems(fairRun())).toEqual([]);
  expect(disagreements(fairRun())).toEqual([]);
});

it.each<[string, (run: Run) => unknown, string]>([
  ['a delivery that is missing', ({ books }) => books.deliveries.pop(), '0 deliveries of'],
  [
    'a delivery too many',
    ({ books }) => books.deliveries.push(books.deliveries[0]!),
    '2 deliveries of',
  ],
  [
    'a delivery of what is not wanted',
    ({ books }) => (books.events[1]!.type = 'entry.updated'),
    '1 deliveries of entry.updated 2, not 0',
  ],
  [
    'a delivery that never arrived',
    (run) => (run.seen = []),
    'event-1 is delivered and never arrived',
  ],
  [
    'a request that nothing was committed for',
    (run) => (run.seen = [...run.seen, { ...run.seen[0]!, eventIds: ['event-9'] }]),
    'received event-9, which it is not owed',
  ],
  [
    'a wrong signature',
    (run) => (run.seen = [{ ...run.seen[0]!, signed: false }]),
    'without a valid signature',
  ],
  [
    'other bytes',
    (run) => (run.seen = [{ ...run.seen[0]!, bytes: ['others'] }]),
    "other bytes than the log's for event-1",
  ],
  [
    'what came in the wrong order',
    (run) => {
      run.books.events[1]!.subjectId = 'document-1';
      run.seen = [{ ...run.seen[0]!, eventIds: ['event-2', 'event-1'] }];
    },
    '1 came first after 2',
  ],
  ['a number twice', ({ books }) => (books.events[1]!.number = 1), 'missing or repeated: 1'],
  [
    'content without an event',
    ({ books }) => books.content.set('document-3', 'Edit 3'),
    'is "Edit 3" by the content and "undefined" by the log',
  ],
  [
    'an event without content',
    ({ books }) => books.content.delete('document-1'),
    'is "undefined" by the content and "Edit 1" by the log',
  ],
  [
    'what was superseded by nothing',
    ({ books }) => (books.deliveries[1]!.status = 'superseded'),
    'event-2 was superseded by nothing',
  ],
])('finds %s', (_name, breakIt, problem) => {
  const run = fairRun();
  breakIt(run);
  expect(disagreements(run).join('\n')).toContain(problem);
});

it.each<[string, (run: Run) => unknown, string]>([
  ['events have no number', ({ books }) => (books.events[1]!.number = null), '1 events have no'],
  [
    'deliveries are under way',
    ({ books }) => (books.deliveries[0]!.status = 'sending'),
    '1 deliveries are still sending',
  ],
  ['nothing has happened', ({ books }) => (books.events = []), 'there is no event at all'],
])('says that books cannot be closed while %s', (_name, breakIt, reason) => {
  const run = fairRun();
  breakIt(run);
  expect(openItems(run).join('\n')).toContain(reason);
});
