import type { ItemScopes } from '../domain/items';
import type { EventScope } from '../domain/scope';
import { forUpdateSkipLocked, toNumber, toNumberOrNull } from './database';
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
  /** Null where it needs none. */
  approval: Approval | null;
  /** Null before it has one. */
  sequenceNumber: number | null;
}

/** What a person has said of an event that must not reach anybody outside before. */
export type Approval = 'pending' | 'approved' | 'rejected';

/** Whether an event must not reach anybody outside. */
export function isHeld({ approval }: Pick<UnsequencedEvent, 'approval'>): boolean {
  return approval !== null && approval !== 'approved';
}

/** What the sequencer's lock gives to who holds it. */
export interface HeldSequence {
  /** The last sequence number given. */
  last: number;
  /** The last release number given. */
  lastRelease: number;
  /** As {@link readConfigVersion} reads it. */
  configVersion: number;
  /** The oldest events that wait, in the order of capture. */
  events: UnsequencedEvent[];
}

/** Which events are read: those without a sequence number, or those that were approved and are not released yet. */
export type Waiting = 'unsequenced' | 'approved';

/**
 * Takes the sequencer's lock for this transaction, and reads the oldest events that wait. In one statement, because between an
 * editor's commit and the receiver round trips take the time.
 *
 * @returns null when another process holds the lock.
 */
export async function lockSequence(
  trx: Database,
  limit: number,
  which: Waiting = 'unsequenced',
): Promise<HeldSequence | null> {
  // None is locked itself: a lock does not reach into a sub-select.
  const version = trx(TABLES.state).where({ name: STATE.configVersion }).select('value');
  const seen = (column: string) =>
    trx(TABLES.state).where({ name: STATE.sequence }).select(column).as(`seen_${column}`);
  const locked = forUpdateSkipLocked(
    trx,
    trx(TABLES.state)
      .where({ name: STATE.sequence })
      .select('value', 'released', version.as('config_version')),
  );
  const rows = await trx
    .from(locked.as('held'))
    .leftJoin(waiting(trx, limit, which).as('e'), (on) => void on.on(trx.raw('1 = 1')))
    .orderBy('e.id')
    .select<Row[]>('held.*', seen('value'), seen('released'), 'e.*');
  const [row] = rows;
  if (row === undefined) {
    return null;
  }
  // A lock is taken on the row as it is now, and the rest is read as it was when the statement began: where another process
  // has given numbers in between, its events are still seen without.
  const fresh = ['value', 'released'].every(
    (column) => toNumber(row[`seen_${column}`]) === toNumber(row[column]),
  );
  const events = fresh
    ? rows.filter((one) => one['id'] !== null)
    : await waiting(trx, limit, which);
  return {
    last: toNumber(row['value']),
    lastRelease: toNumber(row['released']),
    configVersion: toNumber(row['config_version']),
    events: events.map(toRoutable),
  };
}

type Row = Record<string, unknown>;

const IS_WAITING: Record<Waiting, string> = {
  unsequenced: "status = 'unsequenced'",
  approved: "approval = 'approved' and release_number is null and status = 'sequenced'",
};

function waiting(trx: Database, limit: number, which: Waiting) {
  return trx(TABLES.events)
    .whereRaw(IS_WAITING[which])
    .orderBy('id')
    .limit(limit)
    .select<Row[]>(EVENT_COLUMNS);
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
  'approval',
  'sequence_number',
];

/** What routing needs to know of an event, numbered or not. */
export function toRoutable(row: Row): UnsequencedEvent {
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
    approval: row['approval'] as Approval | null,
    sequenceNumber: toNumberOrNull(row['sequence_number']),
  };
}
