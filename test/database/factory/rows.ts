import type { Knex } from 'knex';
import {
  dialectOf,
  toDateOrNull,
  toNumber,
  toNumberOrNull,
} from '../../../server/src/store/database';
import { readConfigVersion } from '../../../server/src/store/config-version';
import { STATE, TABLES } from '../../../server/src/store/tables';

/** What the tables hold, read past the store's own queries where those leave something out. */

type Row = Record<string, unknown>;

export interface StoredEvent {
  id: number;
  eventId: string;
  eventType: string;
  status: string;
  sequenceNumber: number | null;
  producedAt: Date | null;
  /** The event's own JSON, payload included. */
  body: { payload: unknown };
}

/** All events, in the order in which they were inserted. */
export async function storedEvents(db: Knex): Promise<StoredEvent[]> {
  const rows = (await db(TABLES.events).orderBy('id')) as Row[];
  return rows.map((row) => ({
    id: toNumber(row['id']),
    eventId: row['event_id'] as string,
    eventType: row['event_type'] as string,
    status: row['status'] as string,
    sequenceNumber: toNumberOrNull(row['sequence_number']),
    producedAt: toDateOrNull(row['produced_at']),
    body: JSON.parse(`{${row['body'] as string}`) as { payload: unknown },
  }));
}

export interface StoredDelivery {
  id: number;
  deliveryId: string;
  subscriptionId: string;
  eventId: string;
  eventType: string;
  sequenceNumber: number;
  subjectId: string;
  orderHash: number | null;
  status: string;
  settled: boolean;
  replay: boolean;
  reason: string | null;
  attempts: number;
  scheduleStep: number;
  dueAt: Date | null;
  settledAt: Date | null;
  leaseToken: string | null;
}

/** All deliveries, in the order in which they were inserted. */
export async function storedDeliveries(db: Knex): Promise<StoredDelivery[]> {
  const rows: Row[] = await db(`${TABLES.deliveries} as d`)
    .join(`${TABLES.events} as e`, 'e.id', 'd.event_ref')
    .orderBy('d.id')
    .select('d.*', 'e.event_id');
  return rows.map((row) => ({
    id: toNumber(row['id']),
    deliveryId: row['delivery_id'] as string,
    subscriptionId: row['subscription_id'] as string,
    eventId: row['event_id'] as string,
    eventType: row['event_type'] as string,
    sequenceNumber: toNumber(row['sequence_number']),
    subjectId: row['subject_id'] as string,
    orderHash: toNumberOrNull(row['order_hash']),
    status: row['status'] as string,
    settled: Boolean(row['settled']),
    replay: Boolean(row['replay']),
    reason: row['reason'] as string | null,
    attempts: toNumber(row['attempts']),
    scheduleStep: toNumber(row['schedule_step']),
    dueAt: toDateOrNull(row['due_at']),
    settledAt: toDateOrNull(row['settled_at']),
    leaseToken: row['lease_token'] as string | null,
  }));
}

export interface StoredAttempt {
  deliveryRef: number;
  number: number;
  outcome: string;
  statusCode: number | null;
  errorCode: string | null;
  reason: string;
}

/** All attempts, in the order in which they were recorded. */
export async function storedAttempts(db: Knex): Promise<StoredAttempt[]> {
  const rows = (await db(TABLES.attempts).orderBy('id')) as Row[];
  return rows.map((row) => ({
    deliveryRef: toNumber(row['delivery_ref']),
    number: toNumber(row['number']),
    outcome: row['outcome'] as string,
    statusCode: toNumberOrNull(row['status_code']),
    errorCode: row['error_code'] as string | null,
    reason: row['reason'] as string,
  }));
}

export interface StoredSubscription {
  state: string;
  stateReason: string | null;
  heldUntil: Date | null;
}

export async function storedSubscription(db: Knex, id: string): Promise<StoredSubscription> {
  const row = (await db(TABLES.subscriptions).where({ id }).first()) as Row;
  return {
    state: row['state'] as string,
    stateReason: row['state_reason'] as string | null,
    heldUntil: toDateOrNull(row['held_until']),
  };
}

/** The last sequence number given. */
export async function lastNumber(db: Knex): Promise<number> {
  const rows: Row[] = await db(TABLES.state).where({ name: STATE.sequence }).select('value');
  return toNumber(rows[0]?.['value']);
}

export { readConfigVersion as configVersion };

/** Asks the database something that only its own kind understands. */
export async function ask<Answer>(db: Knex, sql: string): Promise<Answer[]> {
  const answer: unknown = await db.raw(sql);
  switch (dialectOf(db)) {
    case 'sqlite':
      return answer as Answer[];
    case 'postgres':
      return (answer as { rows: Answer[] }).rows;
    case 'mysql':
      return (answer as [Answer[]])[0];
  }
}

/** Deliveries by their status, e.g. `{ delivered: 3, waiting: 1 }`. */
export function countByStatus(deliveries: { status: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of deliveries) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
