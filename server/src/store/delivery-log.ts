import type { Knex } from 'knex';
import { BATCH } from '../domain/batch';
import { readHeaderBlock } from '../domain/header-block';
import { isDead, whereStatus } from './conditions';
import { toDateOrNull, toNumber, toNumberOrNull } from './database';
import type { Database } from './database';
import { readPage, whereEventType } from './page';
import type { Page, PageInput } from './page';
import { toBatch } from './read-batches';
import type { DeliveryBatch } from './read-batches';
import { TABLES } from './tables';

export interface DeliveryRow {
  id: number;
  deliveryId: string;
  subscriptionId: string;
  eventRef: number;
  eventId: string;
  eventType: string;
  sequenceNumber: number;
  subjectId: string;
  status: string;
  reason: string | null;
  attempts: number;
  dueAt: Date | null;
  settledAt: Date | null;
  replay: boolean;
  /** Set for a batch, whose first event is `eventRef`. */
  batch: DeliveryBatch | null;
  createdAt: Date;
}

export interface DeliveryFilters {
  status: string | null;
  subscriptionId: string | null;
  eventId: string | null;
  /** A type, or a pattern that ends in `.*`. */
  eventType: string | null;
  since: Date | null;
  until: Date | null;
}

/** A recorded attempt, as it was written by `settleDeliveries`. */
export interface AttemptRow {
  number: number;
  startedAt: Date;
  durationMs: number;
  outcome: 'delivered' | 'transient' | 'permanent' | 'blocked';
  statusCode: number | null;
  errorCode: string | null;
  requestHeaders: Record<string, string>;
  /** Null when the body was the event's own bytes. */
  requestBody: string | null;
  responseHeaders: Record<string, string>;
  responseBody: string;
  responseTruncated: boolean;
}

/** Deliveries, newest first. */
export async function listDeliveries(
  db: Database,
  filters: DeliveryFilters,
  page: PageInput,
): Promise<Page<DeliveryRow>> {
  const query = selectDeliveries(db);
  const column = (name: string) => `${TABLES.deliveries}.${name}`;
  if (filters.status !== null) {
    whereStatus(db, query, { table: TABLES.deliveries, status: filters.status });
  }
  if (filters.subscriptionId !== null) {
    void query.where(column('subscription_id'), filters.subscriptionId);
  }
  if (filters.eventId !== null) {
    whereOwes(db, query, filters.eventId);
  }
  if (filters.eventType !== null) {
    // The event's own type, which has an index; a delivery's has none on PostgreSQL.
    if (filters.eventType === BATCH) void query.whereNotNull(column('batch_id'));
    else whereEventType(query, `${TABLES.events}.event_type`, filters.eventType);
  }
  if (filters.since) {
    void query.where(column('created_at'), '>=', filters.since.getTime());
  }
  if (filters.until) {
    void query.where(column('created_at'), '<', filters.until.getTime());
  }
  const { rows, hasMore } = await readPage(db, query, {
    ...page,
    table: TABLES.deliveries,
    publicId: 'delivery_id',
  });
  return { rows: rows.map(toDelivery), hasMore };
}

export async function findDelivery(db: Database, deliveryId: string): Promise<DeliveryRow | null> {
  const row = (await selectDeliveries(db)
    .where(`${TABLES.deliveries}.delivery_id`, deliveryId)
    .first()) as Record<string, unknown> | undefined;
  return row ? toDelivery(row) : null;
}

/** The delivery of a numbered event to one subscription; null until the event is routed. */
export async function findDeliveryOf(
  db: Database,
  input: { eventId: string; subscriptionId: string },
): Promise<DeliveryRow | null> {
  const row = (await selectDeliveries(db)
    .where(`${TABLES.events}.event_id`, input.eventId)
    .where(`${TABLES.deliveries}.subscription_id`, input.subscriptionId)
    .first()) as Record<string, unknown> | undefined;
  return row ? toDelivery(row) : null;
}

/** A delivery's attempts, oldest first. */
export async function listAttempts(db: Database, deliveryRef: number): Promise<AttemptRow[]> {
  const rows = (await db(TABLES.attempts)
    .where({ delivery_ref: deliveryRef })
    .orderBy([{ column: 'number' }, { column: 'id' }])
    .select('*')) as Record<string, unknown>[];
  return rows.map((row) => ({
    number: toNumber(row['number']),
    startedAt: new Date(toNumber(row['started_at'])),
    durationMs: toNumber(row['duration_ms']),
    outcome: row['outcome'] as AttemptRow['outcome'],
    statusCode: toNumberOrNull(row['status_code']),
    errorCode: row['error_code'] as string | null,
    requestHeaders: readHeaderBlock(row['request_headers'] as string),
    requestBody: row['request_body'] as string | null,
    responseHeaders: readHeaderBlock(row['response_headers'] as string),
    responseBody: row['response_body'] as string,
    responseTruncated: Boolean(row['response_truncated']),
  }));
}

/** How many dead letters there are. */
export async function countDead(db: Database): Promise<number> {
  const row = (await db(TABLES.deliveries).whereRaw(isDead(db)).count({ rows: '*' }).first()) as {
    rows: unknown;
  };
  return toNumber(row.rows);
}

/** Deliveries of one event: alone, or in a batch. */
function whereOwes(db: Database, query: Knex.QueryBuilder, eventId: string): void {
  const batches = db(`${TABLES.batchItems} as item`)
    .join(`${TABLES.events} as member`, 'member.id', 'item.event_ref')
    .where('member.event_id', eventId)
    .select('item.batch_id');
  void query.where((owes) =>
    owes
      .where(`${TABLES.events}.event_id`, eventId)
      .orWhereIn(`${TABLES.deliveries}.batch_id`, batches),
  );
}

function selectDeliveries(db: Database) {
  return db(TABLES.deliveries)
    .join(TABLES.events, `${TABLES.events}.id`, `${TABLES.deliveries}.event_ref`)
    .select(`${TABLES.deliveries}.*`, `${TABLES.events}.event_id`);
}

function toDelivery(row: Record<string, unknown>): DeliveryRow {
  return {
    id: toNumber(row['id']),
    deliveryId: row['delivery_id'] as string,
    subscriptionId: row['subscription_id'] as string,
    eventRef: toNumber(row['event_ref']),
    eventId: row['event_id'] as string,
    eventType: row['event_type'] as string,
    sequenceNumber: toNumber(row['sequence_number']),
    subjectId: row['subject_id'] as string,
    status: row['status'] as string,
    reason: row['reason'] as string | null,
    attempts: toNumber(row['attempts']),
    dueAt: toDateOrNull(row['due_at']),
    settledAt: toDateOrNull(row['settled_at']),
    replay: Boolean(row['replay']),
    batch: toBatch(row),
    createdAt: new Date(toNumber(row['created_at'])),
  };
}
