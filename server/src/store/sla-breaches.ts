import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** Since when each event type's promise has been broken; a type that keeps it is not there. */
export async function readSlaBreaches(db: Database): Promise<Map<string, Date>> {
  const rows = await db(TABLES.slaBreaches).select<{ event_type: string; since: unknown }[]>(
    'event_type',
    'since',
  );
  return new Map(rows.map((row) => [row.event_type, new Date(toNumber(row.since))]));
}

/** Called under the lock of the count: two processes never begin one breach. */
export async function beginSlaBreach(trx: Database, eventType: string, since: Date): Promise<void> {
  await trx(TABLES.slaBreaches).insert({ event_type: eventType, since: since.getTime() });
}

export async function endSlaBreach(trx: Database, eventType: string): Promise<void> {
  await trx(TABLES.slaBreaches).where({ event_type: eventType }).delete();
}
