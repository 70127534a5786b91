import type { Knex } from 'knex';
import type { EventScope } from '../domain/scope';
import { toNumber } from './database';
import type { Database } from './database';
import type { UnsequencedEvent } from './sequence-events';
import { TABLES } from './tables';

/** A numbered event, as a rule looks at it. */
export interface LoggedEvent extends UnsequencedEvent {
  sequenceNumber: number;
}

/** When the events occurred: from `since` on, before `until`. */
export interface Span {
  since: Date | null;
  until: Date | null;
}

/** Events that may be replayed, by number: greater than `after`, at most `upTo`. Those for one subscription alone may not. */
export async function readLoggedRange(
  db: Database,
  input: Span & { after: number; upTo: number },
): Promise<LoggedEvent[]> {
  const range = db(TABLES.events)
    .where('sequence_number', '>', input.after)
    .where('sequence_number', '<=', input.upTo);
  return read(range, input);
}

/** The same, by row id. */
export async function readLoggedEvents(
  db: Database,
  input: Span & { ids: number[] },
): Promise<LoggedEvent[]> {
  return input.ids.length === 0 ? [] : read(db(TABLES.events).whereIn('id', input.ids), input);
}

async function read(query: Knex.QueryBuilder, span: Span): Promise<LoggedEvent[]> {
  if (span.since) {
    void query.where('occurred_at', '>=', span.since.getTime());
  }
  if (span.until) {
    void query.where('occurred_at', '<', span.until.getTime());
  }
  const rows = await query
    .whereNull('target_subscription_id')
    .orderBy('sequence_number')
    .select<Record<string, unknown>[]>(
      'id',
      'event_id',
      'sequence_number',
      'occurred_at',
      'event_type',
      'subject_type',
      'subject_id',
      'locale',
      'changed',
      'scope',
      'target_subscription_id',
    );
  return rows.map((row) => ({
    id: toNumber(row['id']),
    eventId: row['event_id'] as string,
    sequenceNumber: toNumber(row['sequence_number']),
    occurredAt: new Date(toNumber(row['occurred_at'])),
    eventType: row['event_type'] as string,
    subjectType: row['subject_type'] as string,
    subjectId: row['subject_id'] as string,
    locale: row['locale'] as string | null,
    changed: JSON.parse(row['changed'] as string) as string[],
    scope: row['scope'] === null ? null : (JSON.parse(row['scope'] as string) as EventScope),
    targetSubscriptionId: row['target_subscription_id'] as string | null,
  }));
}
