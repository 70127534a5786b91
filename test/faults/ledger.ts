import type { Knex } from 'knex';
import { expect } from 'vitest';
import { TABLES } from '../../server/src/store/tables';
import { ASSIGNMENT, type Newsroom } from './newsroom';

export interface Ledger {
  /** Document ids of the content. */
  content: string[];
  /** What the log says was created: document id by event id. */
  events: Map<string, string>;
  /** The numbers given, smallest first, and how many events have none yet. */
  numbers: number[];
  unnumbered: number;
  /** Event ids by what has become of their delivery. */
  deliveries: { eventId: string; status: string; attempts: number }[];
}

/** Reads content, log and deliveries as they stand. On SQLite only while no process runs. */
export async function readLedger(db: Knex): Promise<Ledger> {
  const content: { document_id: string }[] = await db(ASSIGNMENT.table).select('document_id');
  const events: EventRow[] = await db(TABLES.events).select('*');
  const created = events.filter(
    (event) => event.event_type === 'entry.created' && event.subject_type === ASSIGNMENT.uid,
  );
  const numbers = events.map(({ sequence_number: number }) =>
    number === null ? null : Number(number),
  );
  const deliveries: DeliveryRow[] = await db(`${TABLES.deliveries} as d`)
    .join(`${TABLES.events} as e`, 'e.id', 'd.event_ref')
    .select('e.event_id', 'd.status', 'd.attempts');
  return {
    content: content.map((row) => row.document_id),
    events: new Map(created.map((event) => [event.event_id, event.subject_id])),
    numbers: numbers.filter((number) => number !== null).sort((a, b) => a - b),
    unnumbered: numbers.filter((number) => number === null).length,
    deliveries: deliveries.map((row) => ({
      eventId: row.event_id,
      status: row.status,
      attempts: Number(row.attempts),
    })),
  };
}

/** Invariant 1: content is committed exactly when its events are. */
export function expectContentEqualsEvents({ content, events }: Ledger): void {
  expect([...events.values()].sort()).toEqual([...content].sort());
}

/** Nothing is lost and nothing is left: content ⇔ events ⇔ deliveries ⇔ received. */
export function expectBalanced(ledger: Ledger, { receiver }: Pick<Newsroom, 'receiver'>): void {
  expectContentEqualsEvents(ledger);
  expect(ledger.unnumbered).toBe(0);
  expect(ledger.numbers).toEqual(ledger.numbers.map((_, index) => index + 1));
  const owed = ledger.deliveries.map(({ eventId }) => eventId);
  expect([...owed].sort()).toEqual([...ledger.events.keys()].sort());
  expect(ledger.deliveries.filter(({ status }) => status !== 'delivered')).toEqual([]);
  const received = new Set(receiver.requests.map(({ headers }) => headers['x-idempotency-key']));
  expect([...received].sort()).toEqual([...owed].sort());
}

interface EventRow {
  event_id: string;
  event_type: string;
  subject_type: string;
  subject_id: string;
  sequence_number: string | number | null;
}

interface DeliveryRow {
  event_id: string;
  status: string;
  attempts: unknown;
}
