import { caseById } from './case-by-id';
import type { EventScope } from '../domain/scope';
import { dialectOf, forUpdateSkipLocked, toNumber } from './database';
import type { Database } from './database';
import { STATE, TABLES } from './tables';

/** What routing needs to know of an event that is about to be numbered. */
export interface UnsequencedEvent {
  id: number;
  eventId: string;
  eventType: string;
  subjectType: string;
  subjectId: string;
  locale: string | null;
  changed: string[];
  scope: EventScope | null;
  targetSubscriptionId: string | null;
  occurredAt: Date;
}

/** What the sequencer's lock gives to who holds it. */
export interface HeldSequence {
  /** The last sequence number given. */
  last: number;
  /** As {@link readConfigVersion} reads it: in the same statement, because an idle sequencer's pace is its round trips. */
  configVersion: number;
}

/**
 * Takes the sequencer's lock for this transaction.
 *
 * @returns null when another process holds it.
 */
export async function lockSequence(trx: Database): Promise<HeldSequence | null> {
  // Not locked itself: a lock does not reach into a sub-select.
  const version = trx(TABLES.state).where({ name: STATE.configVersion }).select('value');
  const query = trx(TABLES.state)
    .where({ name: STATE.sequence })
    .select('value', version.as('config_version'));
  const [row] = (await forUpdateSkipLocked(trx, query)) as Record<string, unknown>[];
  return row
    ? { last: toNumber(row['value']), configVersion: toNumber(row['config_version']) }
    : null;
}

/** The oldest events without a number, in the order of capture. */
export async function selectUnsequenced(trx: Database, limit: number): Promise<UnsequencedEvent[]> {
  const rows = await trx(TABLES.events)
    .whereRaw("status = 'unsequenced'")
    .orderBy('id')
    .limit(limit)
    .select<Record<string, unknown>[]>(EVENT_COLUMNS);
  return rows.map(toRoutable);
}

/** The columns that {@link toRoutable} reads. */
export const EVENT_COLUMNS = [
  'id',
  'event_id',
  'event_type',
  'subject_type',
  'subject_id',
  'locale',
  'changed',
  'scope',
  'target_subscription_id',
  'occurred_at',
];

/** What routing needs to know of an event, numbered or not. */
export function toRoutable(row: Record<string, unknown>): UnsequencedEvent {
  return {
    id: toNumber(row['id']),
    eventId: row['event_id'] as string,
    eventType: row['event_type'] as string,
    subjectType: row['subject_type'] as string,
    subjectId: row['subject_id'] as string,
    locale: row['locale'] as string | null,
    changed: JSON.parse(row['changed'] as string) as string[],
    scope: row['scope'] === null ? null : (JSON.parse(row['scope'] as string) as EventScope),
    targetSubscriptionId: row['target_subscription_id'] as string | null,
    occurredAt: new Date(toNumber(row['occurred_at'])),
  };
}

/**
 * Gives the events their numbers, `first`, `first + 1`, …, in the order of `ids`, and keeps the last one. On PostgreSQL in
 * one statement, which is one round trip less between an editor's commit and the receiver.
 */
export async function numberEvents(
  trx: Database,
  { ids, first, producedAt }: { ids: number[]; first: number; producedAt: Date },
): Promise<void> {
  const numbered = trx(TABLES.events)
    .whereIn('id', ids)
    .update({
      status: 'sequenced',
      sequence_number: caseById(
        trx,
        ids.map((id, index) => ({ id, value: first + index })),
      ),
      produced_at: producedAt.getTime(),
    });
  const kept = trx(TABLES.state)
    .where({ name: STATE.sequence })
    .update({ value: first + ids.length - 1 });
  if (dialectOf(trx) === 'postgres') {
    await kept.with('numbered', numbered);
  } else {
    await numbered;
    await kept;
  }
}
