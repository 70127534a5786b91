import { toNumberOrNull } from './database';
import type { Database } from './database';
import { EVENT_COLUMNS, toRoutable } from './sequence-events';
import type { UnsequencedEvent } from './sequence-events';
import { TABLES } from './tables';

/** An event that a callback says it answers. */
export interface AnsweredEvent extends UnsequencedEvent {
  /** Whether anybody outside may see it, provided that the partner's rule allows it. */
  released: boolean;
  /** The event as JSON without its opening brace. */
  text: string;
}

/** @returns null where there is no such event, or it is not numbered yet. */
export async function findAnsweredEvent(
  db: Database,
  eventId: string,
): Promise<AnsweredEvent | null> {
  const row = await db(TABLES.events)
    .where({ event_id: eventId, status: 'sequenced' })
    .first<Record<string, unknown> | undefined>(...EVENT_COLUMNS, 'release_number', 'body');
  // MySQL compares without regard to case.
  if (!row || row['event_id'] !== eventId) return null;
  const event = toRoutable(row);
  const released = toNumberOrNull(row['release_number']) !== null;
  return {
    ...event,
    released: released && event.targetSubscriptionId === null,
    text: row['body'] as string,
  };
}

/** Whether an event was sent to one of a partner's subscriptions, or is being sent; by itself, or in a batch. */
export async function wasGivenTo(
  db: Database,
  input: { eventRef: number; partnerId: string },
): Promise<boolean> {
  const single = await sentTo(db, input.partnerId)
    .where('d.event_ref', input.eventRef)
    .whereNull('d.batch_id')
    .first<{ id: unknown } | undefined>('d.id');
  if (single) return true;
  const batches = await db(`${TABLES.batchItems} as i`)
    .join(`${TABLES.batchItems} as b`, 'b.batch_id', 'i.batch_id')
    .where('i.event_ref', input.eventRef)
    .where('b.position', 0)
    .select<{ batch_id: string; event_ref: unknown }[]>('b.batch_id', 'b.event_ref');
  if (batches.length === 0) return false;
  // By the batch's first event, which its delivery names and an index finds.
  const inBatch = await sentTo(db, input.partnerId)
    .whereIn(
      'd.event_ref',
      batches.map((one) => Number(one.event_ref)),
    )
    .whereIn(
      'd.batch_id',
      batches.map((one) => one.batch_id),
    )
    .first<{ id: unknown } | undefined>('d.id');
  return inBatch !== undefined;
}

function sentTo(db: Database, partnerId: string) {
  return db(`${TABLES.deliveries} as d`)
    .join(`${TABLES.subscriptions} as s`, 's.id', 'd.subscription_id')
    .where('s.partner_id', partnerId)
    .where((begun) => void begun.where('d.attempts', '>', 0).orWhere('d.status', 'sending'));
}
