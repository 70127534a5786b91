import type { Knex } from 'knex';
import { TABLES } from '../../server/src/store/tables';
import { ASSIGNMENT } from './assignment';
import type { Edit } from './edits';

/** What a desk's rule may look at. */
export interface Fact {
  type: string;
  subjectType: string;
  /** Whether its editor changed a date. */
  dates: boolean;
}

export interface BookedEvent extends Fact {
  id: number;
  eventId: string;
  subjectId: string;
  /** Null: not numbered yet. */
  number: number | null;
  /** The label that the content had afterwards; null where it is none of the content that the tests edit. */
  label: string | null;
  /** What must be sent. */
  bytes: string;
}

export interface BookedDelivery {
  subscriptionId: string;
  /** One, or all of its batch, in order. */
  eventIds: string[];
  status: string;
  attempts: number;
}

/** What the database says: content, log and deliveries as they stand. */
export interface Books {
  /** Label by document id. */
  content: Map<string, string>;
  /** In the order of the log. */
  events: BookedEvent[];
  deliveries: BookedDelivery[];
}

type Row = Record<string, unknown>;

/** Reads the books. On SQLite only while no process runs. */
export async function readBooks(db: Knex, edits: readonly Edit[]): Promise<Books> {
  const content = await db(ASSIGNMENT.table).select<Row[]>('document_id', 'label');
  const dated = new Set(edits.filter(({ dates }) => dates).map(({ label }) => label));
  const events = ((await db(TABLES.events).orderBy('id')) as Row[]).map((row) =>
    bookedEvent(row, dated),
  );
  const eventIds = new Map(events.map(({ id, eventId }) => [id, eventId]));
  const batches = new Map<string, string[]>();
  const items = (await db(TABLES.batchItems).orderBy(['batch_id', 'position'])) as Row[];
  for (const row of items) {
    const batch = batches.get(row['batch_id'] as string) ?? [];
    batch.push(eventIds.get(Number(row['event_ref'])) ?? '');
    batches.set(row['batch_id'] as string, batch);
  }
  const deliveries = (await db(TABLES.deliveries).orderBy('id')) as Row[];
  return {
    content: new Map(content.map((row) => [row['document_id'] as string, row['label'] as string])),
    events: events.sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity) || a.id - b.id),
    deliveries: deliveries.map((row) => ({
      subscriptionId: row['subscription_id'] as string,
      eventIds: batches.get(row['batch_id'] as string) ?? [
        eventIds.get(Number(row['event_ref'])) ?? '',
      ],
      status: row['status'] as string,
      attempts: Number(row['attempts']),
    })),
  };
}

function bookedEvent(row: Row, dated: ReadonlySet<string>): BookedEvent {
  const text = row['body'] as string;
  const { payload } = JSON.parse(`{${text}`) as { payload?: { entry?: { label?: string } } };
  const number = row['sequence_number'] === null ? null : Number(row['sequence_number']);
  const producedAt = new Date(Number(row['produced_at'])).toISOString();
  const subjectType = row['subject_type'] as string;
  const label = subjectType === ASSIGNMENT.uid ? (payload?.entry?.label ?? null) : null;
  return {
    id: Number(row['id']),
    eventId: row['event_id'] as string,
    type: row['event_type'] as string,
    subjectType,
    subjectId: row['subject_id'] as string,
    number,
    label,
    dates: label !== null && dated.has(label),
    bytes: `{"sequence_number":${number},"produced_at":"${producedAt}",${text}`,
  };
}
