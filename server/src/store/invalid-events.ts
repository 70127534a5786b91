import { toNumber } from './database';
import type { Database } from './database';
import type { NewEvent } from './insert-events';
import { TABLES } from './tables';

/** An invalid event, and what it can be made again of. */
export interface InvalidEvent {
  id: number;
  eventType: string;
  occurredAt: Date;
  /** The event as JSON without its opening brace. */
  text: string;
  /** From `originOf`; null where nothing could be kept. */
  origin: string | null;
}

/**
 * An invalid event, locked until the transaction ends; null where there is none with that id that is invalid: it may have
 * been released meanwhile.
 */
export async function lockInvalidEvent(
  trx: Database,
  eventId: string,
): Promise<InvalidEvent | null> {
  const [row] = await trx(TABLES.events)
    .where({ event_id: eventId, status: 'invalid' })
    .forUpdate()
    .select<Record<string, unknown>[]>('id', 'event_type', 'occurred_at', 'body', 'origin');
  return row
    ? {
        id: toNumber(row['id']),
        eventType: row['event_type'] as string,
        occurredAt: new Date(toNumber(row['occurred_at'])),
        text: row['body'] as string,
        origin: row['origin'] as string | null,
      }
    : null;
}

/** Puts an invalid event that was made again in its own place: for the sequencer, or still invalid. */
export async function replaceInvalidEvent(
  trx: Database,
  id: number,
  event: NewEvent,
): Promise<void> {
  const invalid = event.status === 'invalid';
  await trx(TABLES.events)
    .where({ id })
    .update({
      status: event.status,
      schema_version: event.schemaVersion,
      changed: JSON.stringify(event.changed),
      scope: event.scope && JSON.stringify(event.scope),
      items: event.items && JSON.stringify(event.items),
      errors: invalid ? JSON.stringify(event.problems) : null,
      // The change it came from stays the first one, whatever was tried since.
      ...(invalid ? {} : { origin: null }),
      body: event.text,
    });
}
