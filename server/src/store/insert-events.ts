import type { EventProblem } from '../domain/event-problem';
import type { ItemScopes } from '../domain/items';
import type { EventScope } from '../domain/scope';
import type { TraceContext } from '../domain/trace-context';
import { chunksOf, INSERT_CHUNK } from './case-by-id';
import type { Database } from './database';
import { TABLES } from './tables';

/** One event as it is captured: its searchable facts, and the text that will be its bytes. */
export interface NewEvent {
  eventId: string;
  eventType: string;
  schemaVersion: string;
  status: 'unsequenced' | 'invalid';
  subjectType: string;
  subjectId: string;
  locale: string | null;
  actorType: string;
  actorId: string | null;
  occurredAt: Date;
  targetSubscriptionId: string | null;
  changed: string[];
  scope: EventScope | null;
  items: ItemScopes | null;
  problems: EventProblem[];
  /** True where a person must release it before anybody outside sees it. */
  needsApproval?: boolean;
  /** Of an invalid event: the change it came from, as JSON. */
  origin?: string | null;
  /** From `serialiseEvent`. */
  text: string;
  /** The trace that the change belongs to. */
  trace?: TraceContext | null;
}

/**
 * Writes events into the log, in the given order. Called inside the content's own transaction: it must practically
 * never fail, so there is no unique key but the event's own UUID, and all text is bounded by who calls.
 */
export async function insertEvents(db: Database, events: NewEvent[]): Promise<void> {
  const rows = events.map((event) => ({
    event_id: event.eventId,
    event_type: event.eventType,
    schema_version: event.schemaVersion,
    status: event.status,
    subject_type: event.subjectType,
    subject_id: event.subjectId,
    locale: event.locale,
    actor_type: event.actorType,
    actor_id: event.actorId,
    occurred_at: event.occurredAt.getTime(),
    target_subscription_id: event.targetSubscriptionId,
    changed: JSON.stringify(event.changed),
    scope: event.scope && JSON.stringify(event.scope),
    items: event.items && JSON.stringify(event.items),
    errors: event.problems.length > 0 ? JSON.stringify(event.problems) : null,
    origin: event.origin ?? null,
    approval: event.needsApproval ? 'pending' : null,
    body: event.text,
    traceparent: event.trace?.traceparent ?? null,
    tracestate: event.trace?.tracestate ?? null,
  }));
  for (const chunk of chunksOf(rows, INSERT_CHUNK)) {
    await db(TABLES.events).insert(chunk);
  }
}
