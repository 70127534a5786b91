import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { toBatch } from './read-batches';
import type { DeliveryBatch } from './read-batches';
import { TABLES } from './tables';

/** A subscription's newest delivery of an event, or of a batch, whose first event it names. */
export interface NewestDelivery {
  eventRef: number;
  sequenceNumber: number;
  eventType: string;
  subjectId: string;
  batch: DeliveryBatch | null;
  status: string;
  /** Null while it is on its way. */
  settledAt: Date | null;
}

/**
 * A subscription's newest delivery of each event and batch numbered greater than `after` and at most `upTo`, in order; reads about
 * `limit` rows.
 *
 * @returns also the number up to which all was read.
 */
export async function readNewestDeliveries(
  db: Database,
  input: { subscriptionId: string; after: number; upTo: number; limit: number },
): Promise<{ newest: NewestDelivery[]; position: number }> {
  const rows = await db(TABLES.deliveries)
    .where({ subscription_id: input.subscriptionId })
    .where('sequence_number', '>', input.after)
    .where('sequence_number', '<=', input.upTo)
    .orderBy('sequence_number')
    .limit(input.limit)
    .select<Record<string, unknown>[]>(
      'id',
      'event_ref',
      'sequence_number',
      'event_type',
      'subject_id',
      'status',
      'settled',
      'settled_at',
      'batch_id',
      'item_count',
      'byte_count',
    );
  if (rows.length < input.limit) {
    return { newest: newestOf(rows), position: input.upTo };
  }
  const last = toNumber(rows.at(-1)?.['sequence_number']);
  if (toNumber(rows[0]?.['sequence_number']) === last) {
    // An event with so many deliveries that they are more than was asked for.
    return readNewestDeliveries(db, { ...input, limit: input.limit * 2 });
  }
  // The last event may have more deliveries than were read.
  const whole = rows.filter((row) => toNumber(row['sequence_number']) < last);
  return { newest: newestOf(whole), position: last - 1 };
}

function newestOf(rows: Record<string, unknown>[]): NewestDelivery[] {
  const newest = new Map<unknown, Record<string, unknown>>();
  for (const row of rows) {
    const what = row['batch_id'] ?? toNumber(row['sequence_number']);
    const known = newest.get(what);
    if (!known || toNumber(known['id']) < toNumber(row['id'])) {
      newest.set(what, row);
    }
  }
  return [...newest.values()].map(toNewest);
}

function toNewest(row: Record<string, unknown>): NewestDelivery {
  return {
    eventRef: toNumber(row['event_ref']),
    sequenceNumber: toNumber(row['sequence_number']),
    eventType: row['event_type'] as string,
    subjectId: row['subject_id'] as string,
    batch: toBatch(row),
    status: row['status'] as string,
    settledAt: row['settled'] ? toDateOrNull(row['settled_at']) : null,
  };
}

/** The sequence numbers greater than `after`, at most `upTo`, of which the subscription has a delivery of any kind. */
export async function readOwedNumbers(
  db: Database,
  input: { subscriptionId: string; after: number; upTo: number },
): Promise<Set<number>> {
  const rows = await db(TABLES.deliveries)
    .where({ subscription_id: input.subscriptionId })
    .where('sequence_number', '>', input.after)
    .where('sequence_number', '<=', input.upTo)
    .select<{ sequence_number: unknown }[]>('sequence_number');
  return new Set(rows.map((row) => toNumber(row.sequence_number)));
}

/**
 * The next sequence number after `after` of which the subscription has a delivery in one of these statuses, its newest
 * or not: what lies before it need not be looked at. Null when there is none.
 */
export async function nextNumberIn(
  db: Database,
  input: { subscriptionId: string; statuses: readonly string[]; after: number },
): Promise<number | null> {
  const row = (await db(TABLES.deliveries)
    .where({ subscription_id: input.subscriptionId })
    .whereIn('status', [...input.statuses])
    .where('sequence_number', '>', input.after)
    .min({ next: 'sequence_number' })
    .first()) as { next: unknown } | undefined;
  return row?.next === null || row?.next === undefined ? null : toNumber(row.next);
}
