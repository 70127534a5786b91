import type { Database } from './database';
import { TABLES } from './tables';

/** What a partner has told us, under its idempotency key. */
export interface CallbackRow {
  partnerId: string;
  idempotencyKey: string;
  /** The event that it became. */
  eventId: string;
  eventType: string;
  /** The event that it answers. */
  inReplyTo: string | null;
  /** Of `content.rejected`: why, in 500 characters. */
  reason: string | null;
  receivedAt: Date;
}

/** The id of the event that a key stands for; null where it is new. */
export async function findCallback(
  db: Database,
  { partnerId, idempotencyKey }: Pick<CallbackRow, 'partnerId' | 'idempotencyKey'>,
): Promise<string | null> {
  const row = await db(TABLES.callbacks)
    .where({ partner_id: partnerId, idempotency_key: idempotencyKey })
    .first<{ event_id: string } | undefined>('event_id');
  return row?.event_id ?? null;
}

/**
 * Takes a key for an event, unless another one has it. Waits for a transaction that is just taking it. In a transaction of its
 * own at READ COMMITTED: else what that other one has written would not be seen.
 *
 * @returns the id of the event that the key stands for: this one's, or that of the callback that came before.
 */
export async function takeKey(trx: Database, row: CallbackRow): Promise<string> {
  await trx(TABLES.callbacks)
    .insert({
      partner_id: row.partnerId,
      idempotency_key: row.idempotencyKey,
      event_id: row.eventId,
      event_type: row.eventType,
      in_reply_to: row.inReplyTo,
      reason: row.reason,
      received_at: row.receivedAt.getTime(),
    })
    .onConflict(['partner_id', 'idempotency_key'])
    .ignore();
  const taken = await findCallback(trx, row);
  if (taken === null) throw new Error('A callback was neither written nor there before');
  return taken;
}
