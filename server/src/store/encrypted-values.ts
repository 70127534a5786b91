import type { Database } from './database';
import { TABLES } from './tables';

/** Every column that holds a secret, with what names its rows. */
export const ENCRYPTED_COLUMNS = [
  { table: TABLES.keys, id: 'kid', column: 'encrypted_secret' },
  { table: TABLES.subscriptions, id: 'id', column: 'encrypted_headers' },
  { table: TABLES.producerKeys, id: 'kid', column: 'encrypted_private_key' },
  { table: TABLES.clientCertificates, id: 'id', column: 'encrypted_private_key' },
  { table: TABLES.feeds, id: 'feed_id', column: 'encrypted_cursor_key' },
] as const;

export type EncryptedColumn = (typeof ENCRYPTED_COLUMNS)[number];

export interface EncryptedValue {
  id: string;
  value: string;
}

/** The next values, in the order of their ids, that do not begin with `prefix`. */
export async function listEncryptedValues(
  db: Database,
  place: EncryptedColumn,
  input: { notPrefix: string; after: string; limit: number },
): Promise<EncryptedValue[]> {
  return db(place.table)
    .whereNotNull(place.column)
    .whereNot(place.column, 'like', `${input.notPrefix}%`)
    .where(place.id, '>', input.after)
    .orderBy(place.id)
    .limit(input.limit)
    .select<EncryptedValue[]>({ id: place.id, value: place.column });
}

/** Puts a value in another's place, unless that has been changed meanwhile. */
export async function replaceEncryptedValue(
  trx: Database,
  place: EncryptedColumn,
  change: { id: string; from: string; to: string },
): Promise<void> {
  await trx(place.table)
    .where({ [place.id]: change.id, [place.column]: change.from })
    .update({ [place.column]: change.to });
}
