import type { Knex } from 'knex';
import { toNumber } from './database';
import type { Database } from './database';
import { EVENT_COLUMNS, toRoutable } from './sequence-events';
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
    .select<Record<string, unknown>[]>(EVENT_COLUMNS);
  return rows.map((row) => ({
    ...toRoutable(row),
    sequenceNumber: toNumber(row['sequence_number']),
  }));
}
