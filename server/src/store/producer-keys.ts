import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** A key pair of the installation. */
export interface ProducerKeyRow {
  kid: string;
  publicX: string;
  encryptedPrivateKey: string;
  current: boolean;
  createdAt: Date;
  /** When a key that is on its way out stops signing; null for the current one. */
  expiresAt: Date | null;
}

/** All key pairs, the newest first. With `lock` they are locked, and read as they are now. */
export async function listProducerKeys(
  db: Database,
  { lock }: { lock: boolean } = { lock: false },
): Promise<ProducerKeyRow[]> {
  const query = db(TABLES.producerKeys)
    .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'kid' }])
    .select('*');
  const rows = (await (lock ? query.forUpdate() : query)) as Record<string, unknown>[];
  return rows.map((row) => ({
    kid: row['kid'] as string,
    publicX: row['public_x'] as string,
    encryptedPrivateKey: row['encrypted_private_key'] as string,
    current: Boolean(row['current']),
    createdAt: new Date(toNumber(row['created_at'])),
    expiresAt: toDateOrNull(row['expires_at']),
  }));
}

/** Inserts the key pair that is current from now on. */
export async function insertProducerKey(
  trx: Database,
  key: { kid: string; publicX: string; encryptedPrivateKey: string },
  now: Date,
): Promise<void> {
  await trx(TABLES.producerKeys).insert({
    kid: key.kid,
    public_x: key.publicX,
    encrypted_private_key: key.encryptedPrivateKey,
    current: true,
    created_at: now.getTime(),
  });
}
