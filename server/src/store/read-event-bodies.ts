import { eventBytes } from '../domain/event';
import type { ItemScopes } from '../domain/items';
import type { EventScope } from '../domain/scope';
import type { TraceContext } from '../domain/trace-context';
import { isAnyOf } from './conditions';
import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** What is sent of a numbered event. */
export interface SequencedEvent {
  id: number;
  eventId: string;
  eventType: string;
  schemaVersion: string;
  sequenceNumber: number;
  subjectType: string;
  subjectId: string;
  occurredAt: Date;
  /** Null where it says nothing of its scope. */
  scope: EventScope | null;
  /** Null where its items, if there are any, are for whoever may have the event. */
  items: ItemScopes | null;
  /** Null where the change belonged to none. */
  trace: TraceContext | null;
  /** The event's bytes, as JSON text: the same on every attempt. */
  body: string;
}

/** The columns that {@link toSequencedEvent} reads. */
export const EVENT_BODY_COLUMNS = [
  'id',
  'event_id',
  'event_type',
  'schema_version',
  'sequence_number',
  'subject_type',
  'subject_id',
  'occurred_at',
  'produced_at',
  'scope',
  'items',
  'traceparent',
  'tracestate',
  'body',
];

/** The numbered events with these row ids, by row id. */
export async function readEventBodies(
  db: Database,
  ids: number[],
): Promise<Map<number, SequencedEvent>> {
  const rows = await db(TABLES.events)
    .whereRaw(...isAnyOf(db, 'id', [...new Set(ids)]))
    .whereNotNull('sequence_number')
    .select<Record<string, unknown>[]>(EVENT_BODY_COLUMNS);
  return new Map(rows.map((row) => [toNumber(row['id']), toSequencedEvent(row)]));
}

export function toSequencedEvent(row: Record<string, unknown>): SequencedEvent {
  const sequenceNumber = toNumber(row['sequence_number']);
  return {
    id: toNumber(row['id']),
    eventId: row['event_id'] as string,
    eventType: row['event_type'] as string,
    schemaVersion: row['schema_version'] as string,
    sequenceNumber,
    subjectType: row['subject_type'] as string,
    subjectId: row['subject_id'] as string,
    occurredAt: new Date(toNumber(row['occurred_at'])),
    scope: row['scope'] === null ? null : (JSON.parse(row['scope'] as string) as EventScope),
    items: row['items'] === null ? null : (JSON.parse(row['items'] as string) as ItemScopes),
    trace: traceOf(row),
    body: eventBytes({
      sequenceNumber,
      producedAt: new Date(toNumber(row['produced_at'])),
      text: row['body'] as string,
    }),
  };
}

function traceOf(row: Record<string, unknown>): TraceContext | null {
  const traceparent = row['traceparent'] as string | null;
  return traceparent === null
    ? null
    : { traceparent, tracestate: row['tracestate'] as string | null };
}
