import { toNumber } from './database';
import type { Database } from './database';
import { settleUnsent } from './settle-unsent';
import { TABLES } from './tables';
import { wakeSuccessors } from './wake-successors';

/**
 * Makes a dead or waiting delivery due now, with a fresh retry schedule; its attempts go on being counted.
 *
 * @returns false when it is neither dead nor waiting.
 */
export async function retryDelivery(db: Database, deliveryId: string, now: Date): Promise<boolean> {
  const changed = await db(TABLES.deliveries)
    .where({ delivery_id: deliveryId })
    .whereIn('status', ['dead', 'waiting'])
    .update({
      status: 'waiting',
      settled: false,
      settled_at: null,
      due_at: now.getTime(),
      schedule_step: 0,
    });
  return changed > 0;
}

/**
 * Gives up a waiting delivery; what waited for it becomes due. In a transaction of its own, at READ COMMITTED.
 *
 * @returns false when it is not waiting.
 */
export async function cancelDelivery(
  trx: Database,
  input: { deliveryId: string; reason: string; now: Date },
): Promise<boolean> {
  const { deliveryId, reason, now } = input;
  const waiting = trx(TABLES.deliveries).where({ delivery_id: deliveryId, status: 'waiting' });
  const changed = await settleUnsent(waiting, { status: 'cancelled', reason, now });
  if (changed === 0) {
    return false;
  }
  const row = await trx(TABLES.deliveries)
    .where({ delivery_id: deliveryId })
    .whereNotNull('order_hash')
    .first<{ id: unknown } | undefined>('id');
  await wakeSuccessors(trx, row ? [toNumber(row.id)] : [], now);
  return true;
}
