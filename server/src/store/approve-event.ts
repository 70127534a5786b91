import type { Database } from './database';
import type { Approval } from './sequence-events';
import { TABLES } from './tables';

/**
 * Answers the question whether an event may leave; the sequencer releases what was approved.
 *
 * @returns false where it was answered before, needs no approval, or is not there.
 */
export async function answerApproval(
  trx: Database,
  eventId: string,
  approval: Exclude<Approval, 'pending'>,
): Promise<boolean> {
  const changed = await trx(TABLES.events)
    .where({ event_id: eventId, approval: 'pending' })
    .update({ approval });
  return changed > 0;
}
