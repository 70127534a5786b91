import { isAnyOf } from './conditions';
import { dialectOf, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** What a partner has said of an event that was delivered to it. */
export type Answer = { kind: 'ingested' } | { kind: 'rejected'; reason: string };

/** Types of callbacks that settle the delivery that they answer. */
const ANSWERS = ['content.ingested', 'content.rejected'];

/**
 * What was answered already to these deliveries: a callback may come before the 202 has been written. The deliveries must be
 * locked by this transaction, as {@link settleAwaiting} locks them: then whichever of the two comes second sees the other.
 *
 * @returns the first answer, by the delivery's row id.
 */
export async function readAnswers(trx: Database, ids: number[]): Promise<Map<number, Answer>> {
  if (ids.length === 0) return new Map();
  const rows = await trx(`${TABLES.deliveries} as d`)
    .join(`${TABLES.subscriptions} as s`, 's.id', 'd.subscription_id')
    .join(`${TABLES.events} as e`, 'e.id', 'd.event_ref')
    .join(`${TABLES.callbacks} as c`, (on) => {
      void on.on('c.in_reply_to', 'e.event_id').andOn('c.partner_id', 's.partner_id');
    })
    .whereRaw(...isAnyOf(trx, 'd.id', ids))
    .whereIn('c.event_type', ANSWERS)
    .orderBy('c.id', 'desc')
    .select<Record<string, unknown>[]>('d.id', 'c.event_type', 'c.reason');
  return new Map(
    rows.map((row): [number, Answer] => [
      toNumber(row['id']),
      row['event_type'] === 'content.rejected'
        ? { kind: 'rejected', reason: (row['reason'] as string | null) ?? '' }
        : { kind: 'ingested' },
    ]),
  );
}

/** A delivery that a callback is, or was, awaited of. */
export interface AwaitingDelivery {
  id: number;
  deliveryId: string;
  subscriptionId: string;
  attempts: number;
}

/**
 * Locks the deliveries of an event to a partner, and tells which of them wait for a callback. Locked are those too that are
 * being sent: the result of such a one is written after this transaction, and finds the callback.
 */
export async function lockAwaiting(
  trx: Database,
  input: { eventRef: number; partnerId: string },
): Promise<AwaitingDelivery[]> {
  const subscriptions = await trx(TABLES.subscriptions)
    .where({ partner_id: input.partnerId })
    .select<{ id: string }[]>('id');
  const query = trx(TABLES.deliveries)
    .where({ event_ref: input.eventRef })
    .whereIn(
      'subscription_id',
      subscriptions.map(({ id }) => id),
    )
    .orderBy('id')
    .select('id', 'delivery_id', 'subscription_id', 'attempts', 'status');
  const rows = (await (dialectOf(trx) === 'sqlite' ? query : query.forUpdate())) as Record<
    string,
    unknown
  >[];
  return rows.filter((row) => row['status'] === 'awaiting_callback').map(toAwaiting);
}

/** Ends the wait of deliveries that this transaction has locked. When they were taken stays as it is. */
export async function endAwaiting(
  trx: Database,
  ids: number[],
  end: { status: 'delivered' | 'dead'; reason: string | null },
): Promise<void> {
  if (ids.length === 0) return;
  await trx(TABLES.deliveries)
    .whereRaw(...isAnyOf(trx, 'id', ids))
    .update({ ...end, callback_due_at: null });
}

export function toAwaiting(row: Record<string, unknown>): AwaitingDelivery {
  return {
    id: toNumber(row['id']),
    deliveryId: row['delivery_id'] as string,
    subscriptionId: row['subscription_id'] as string,
    attempts: toNumber(row['attempts']),
  };
}
