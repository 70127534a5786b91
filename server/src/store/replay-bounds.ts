import { toNumber } from './database';
import type { Database } from './database';
import { STATE, TABLES } from './tables';

/** A part of the log: numbers greater than `after`, up to `upTo`. */
export interface LogRange {
  after: number;
  upTo: number;
}

/**
 * The part of the log, as it is now, that holds every event which occurred in a span of time. Empty where there is none
 * (`after` equals `upTo`).
 */
export async function readLogRange(
  db: Database,
  span: { since: Date | null; until: Date | null },
): Promise<LogRange> {
  const state = await db(TABLES.state)
    .where({ name: STATE.sequence })
    .first<{ value: unknown } | undefined>('value');
  const last = toNumber(state?.value);
  const query = db(TABLES.events).where('sequence_number', '<=', last);
  if (span.since) {
    void query.where('occurred_at', '>=', span.since.getTime());
  }
  if (span.until) {
    void query.where('occurred_at', '<', span.until.getTime());
  }
  const row = (await query
    .min({ first: 'sequence_number' })
    .max({ last: 'sequence_number' })
    .first()) as { first: unknown; last: unknown };
  return row.first === null || row.last === null
    ? { after: last, upTo: last }
    : { after: toNumber(row.first) - 1, upTo: toNumber(row.last) };
}
