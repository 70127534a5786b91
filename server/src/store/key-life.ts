import type { Database } from './database';
import { TABLES } from './tables';

/** Tables whose rows are keys: with `kid`, `current` and `expires_at`. */
export type KeyTable = typeof TABLES.keys | typeof TABLES.producerKeys;

/** Makes a current key one that signs until `expiresAt`. */
export async function retireKey(
  trx: Database,
  table: KeyTable,
  key: { kid: string; expiresAt: Date },
): Promise<void> {
  await trx(table)
    .where({ kid: key.kid })
    .update({ current: false, expires_at: key.expiresAt.getTime() });
}

/** Deletes keys, whatever their state. */
export async function deleteKeys(trx: Database, table: KeyTable, kids: string[]): Promise<void> {
  if (kids.length > 0) {
    await trx(table).whereIn('kid', kids).delete();
  }
}

/**
 * Deletes keys that have expired, so that no secret is kept that signs nothing any more.
 *
 * @returns how many.
 */
export async function deleteExpiredKeys(db: Database, now: Date): Promise<number> {
  let deleted = 0;
  for (const table of [TABLES.keys, TABLES.producerKeys]) {
    deleted += await db(table)
      .where({ current: false })
      .where('expires_at', '<=', now.getTime())
      .delete();
  }
  return deleted;
}
