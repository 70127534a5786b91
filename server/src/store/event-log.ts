import type { EventProblem } from '../domain/event-problem';
import { toDateOrNull, toNumber, toNumberOrNull } from './database';
import type { Database } from './database';
import { readPage, whereEventType } from './page';
import type { Page, PageInput } from './page';
import type { Approval } from './sequence-events';
import { TABLES } from './tables';

/** An event as the log holds it. */
export interface EventRow {
  id: number;
  eventId: string;
  status: 'unsequenced' | 'sequenced' | 'invalid';
  sequenceNumber: number | null;
  producedAt: Date | null;
  approval: Approval | null;
  problems: EventProblem[];
  /** The event as JSON without its opening brace. */
  text: string;
}

export interface EventFilters {
  subjectId: string | null;
  subjectType: string | null;
  /** A type, or a pattern that ends in `.*`. */
  eventType: string | null;
  actorId: string | null;
  invalid: boolean | null;
  since: Date | null;
  until: Date | null;
}

/** Events, newest first. */
export async function listEvents(
  db: Database,
  filters: EventFilters,
  page: PageInput,
): Promise<Page<EventRow>> {
  const query = db(TABLES.events).select('*');
  if (filters.subjectType !== null) {
    void query.where({ subject_type: filters.subjectType });
  }
  if (filters.subjectId !== null) {
    void query.where({ subject_id: filters.subjectId });
  }
  if (filters.eventType !== null) {
    whereEventType(query, 'event_type', filters.eventType);
  }
  if (filters.actorId !== null) {
    void query.where({ actor_id: filters.actorId });
  }
  if (filters.invalid !== null) {
    void query.where('status', filters.invalid ? '=' : '<>', 'invalid');
  }
  if (filters.since) {
    void query.where('occurred_at', '>=', filters.since.getTime());
  }
  if (filters.until) {
    void query.where('occurred_at', '<', filters.until.getTime());
  }
  const { rows, hasMore } = await readPage(db, query, {
    ...page,
    table: TABLES.events,
    publicId: 'event_id',
  });
  return { rows: rows.map(toEvent), hasMore };
}

export async function findEvent(db: Database, eventId: string): Promise<EventRow | null> {
  const row = (await db(TABLES.events).where({ event_id: eventId }).first('*')) as
    Record<string, unknown> | undefined;
  return row ? toEvent(row) : null;
}

function toEvent(row: Record<string, unknown>): EventRow {
  return {
    id: toNumber(row['id']),
    eventId: row['event_id'] as string,
    status: row['status'] as EventRow['status'],
    sequenceNumber: toNumberOrNull(row['sequence_number']),
    producedAt: toDateOrNull(row['produced_at']),
    approval: row['approval'] as Approval | null,
    problems: problemsOf(row['errors'] as string | null),
    text: row['body'] as string,
  };
}

/** Events of before migration 008 hold sentences alone. */
function problemsOf(text: string | null): EventProblem[] {
  const stored = text === null ? [] : (JSON.parse(text) as (EventProblem | string)[]);
  return stored.map((one) =>
    typeof one === 'string' ? { code: 'schema_violation', path: null, message: one } : one,
  );
}
