import { toNumber } from './database';
import type { Database } from './database';
import { STATE, TABLES } from './tables';

/** For which definitions the moments of all documents have been looked for: their fingerprint; 0 for none. */
export async function readScheduledFor(db: Database): Promise<number> {
  const row = await db(TABLES.state)
    .where({ name: STATE.scheduledMoments })
    .first<{ value: unknown } | undefined>('value');
  return toNumber(row?.value ?? 0);
}

export async function writeScheduledFor(db: Database, fingerprint: number): Promise<void> {
  await db(TABLES.state).where({ name: STATE.scheduledMoments }).update({ value: fingerprint });
}
