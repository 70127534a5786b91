import { toAwaiting } from './answers';
import type { AwaitingDelivery } from './answers';
import { forUpdateSkipLocked, toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** A delivery whose callback has not come in time. */
export interface MissedCallback extends AwaitingDelivery {
  eventId: string;
  eventType: string;
  /** How long it was waited for. */
  withinSeconds: number;
}

/** Locks deliveries whose callback is overdue; those that another process, or a callback, is just at are left out. */
export async function lockMissed(
  trx: Database,
  input: { now: Date; limit: number },
): Promise<MissedCallback[]> {
  const query = trx(TABLES.deliveries)
    .where('callback_due_at', '<=', input.now.getTime())
    .where({ status: 'awaiting_callback' })
    .orderBy('callback_due_at')
    .limit(input.limit)
    .select('*');
  const rows = (await forUpdateSkipLocked(trx, query)) as Record<string, unknown>[];
  const refs = [...new Set(rows.map((row) => toNumber(row['event_ref'])))];
  const events = await trx(TABLES.events)
    .whereIn('id', refs)
    .select<{ id: unknown; event_id: string }[]>('id', 'event_id');
  const ids = new Map(events.map((event) => [toNumber(event.id), event.event_id]));
  return rows.map((row) => ({
    ...toAwaiting(row),
    eventId: ids.get(toNumber(row['event_ref'])) ?? '',
    eventType: row['event_type'] as string,
    withinSeconds: Math.round(
      (toNumber(row['callback_due_at']) - toNumber(row['settled_at'])) / 1_000,
    ),
  }));
}

/** When the next callback is due; null where none is awaited. */
export async function nextCallbackDue(db: Database): Promise<Date | null> {
  const row = await db(TABLES.deliveries)
    .whereNotNull('callback_due_at')
    .orderBy('callback_due_at')
    .first<{ callback_due_at: unknown } | undefined>('callback_due_at');
  return toDateOrNull(row?.callback_due_at);
}
