import type { ItemScopes } from '../domain/items';
import type { EventScope } from '../domain/scope';
import { isAnyOf } from './conditions';
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
  items: ItemScopes | null;
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
  'items',
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
    items: row['items'] === null ? null : (JSON.parse(row['items'] as string) as ItemScopes),
    targetSubscriptionId: row['target_subscription_id'] as string | null,
    occurredAt: new Date(toNumber(row['occurred_at'])),
  };
}

/**
 * Gives the events their numbers, `first`, `first + 1`, …, in the order of `ids`, which ascend, and keeps the last one. On
 * PostgreSQL in one statement, which is one round trip less between an editor's commit and the receiver.
 */
export async function numberEvents(
  trx: Database,
  { ids, first, producedAt }: { ids: number[]; first: number; producedAt: Date },
): Promise<void> {
  const numbered = trx(TABLES.events)
    .whereRaw(...isAnyOf(trx, 'id', ids))
    .update({
      status: 'sequenced',
      sequence_number: trx.raw(numberOf(ids, first)),
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

/**
 * An event's number by its id, as SQL: ids without a gap between them have one distance to their numbers. A branch per event
 * would be read through for every event.
 *
 * @param ids ascending.
 */
function numberOf(ids: number[], first: number): string {
  const runs: { last: number; distance: number }[] = [];
  for (const [index, id] of ids.entries()) {
    const distance = first + index - id;
    const run = runs.at(-1);
    if (run?.distance === distance) run.last = id;
    else runs.push({ last: id, distance });
  }
  const final = runs.pop()?.distance ?? 0;
  const branches = runs.map(({ last, distance }) => `when id <= ${last} then ${distance}`);
  return branches.length === 0
    ? `id + (${final})`
    : `id + (case ${branches.join(' ')} else ${final} end)`;
}
