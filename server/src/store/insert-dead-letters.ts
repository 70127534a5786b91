import { chunksOf, INSERT_CHUNK } from './case-by-id';
import type { Database } from './database';
import type { NewDelivery } from './insert-deliveries';
import { TABLES } from './tables';

/** A delivery that ended before it was tried. */
export interface NewDeadLetter extends NewDelivery {
  reason: string;
}

/** Reasons are kept in a column of 500 characters. */
const MAX_REASON_LENGTH = 500;

/** Writes deliveries that are settled as dead, in the given order, so that they are seen and can be sent by hand. */
export async function insertDeadLetters(
  db: Database,
  letters: NewDeadLetter[],
  now: Date,
): Promise<void> {
  const rows = letters.map((letter) => ({
    delivery_id: letter.deliveryId,
    subscription_id: letter.subscriptionId,
    event_ref: letter.eventRef,
    event_type: letter.eventType,
    sequence_number: letter.sequenceNumber,
    subject_id: letter.subjectId,
    order_key: letter.orderKey,
    status: 'dead',
    settled: true,
    replay: letter.replay,
    reason: letter.reason.slice(0, MAX_REASON_LENGTH),
    due_at: null,
    created_at: now.getTime(),
    settled_at: now.getTime(),
  }));
  for (const chunk of chunksOf(rows, INSERT_CHUNK)) {
    await db(TABLES.deliveries).insert(chunk);
  }
}
