import type { Database } from './database';
import { TABLES } from './tables';

/** Lets nothing be sent to the subscription before `until`; never shortens a wait that is there already. */
export async function holdSubscription(trx: Database, id: string, until: Date): Promise<void> {
  await trx(TABLES.subscriptions)
    .where({ id })
    .where((free) => free.whereNull('held_until').orWhere('held_until', '<', until.getTime()))
    .update({ held_until: until.getTime() });
}

/**
 * Disables a subscription.
 *
 * @returns false when it was disabled already, or is gone.
 */
export async function disableSubscription(
  trx: Database,
  input: { id: string; reason: string; now: Date },
): Promise<boolean> {
  const changed = await trx(TABLES.subscriptions)
    .where({ id: input.id })
    .whereNot({ state: 'disabled' })
    .update({
      state: 'disabled',
      state_reason: input.reason.slice(0, 500),
      paused_by: null,
      paused_until: null,
      updated_at: input.now.getTime(),
    });
  return changed > 0;
}
