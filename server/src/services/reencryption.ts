import type { Log } from '../flow/ports';
import type { Database, RunInTransaction } from '../store/database';
import {
  ENCRYPTED_COLUMNS,
  listEncryptedValues,
  replaceEncryptedValue,
} from '../store/encrypted-values';
import type { EncryptedColumn } from '../store/encrypted-values';
import { lockState } from '../store/lock-state';
import { STATE } from '../store/tables';
import type { Secrets } from './secrets';

/** Secrets encrypted again in one transaction, at most. */
const BATCH_SIZE = 100;

/** What changing the encryption key left behind. */
export interface Reencrypted {
  /** Secrets that are now under the current key. */
  changed: number;
  /** Rows whose secret can be read under none of the keys given, e.g. `newswire_keys/key_…`. */
  unreadable: string[];
}

/**
 * Encrypts under the current key what stands under an older one, in batches, each in a transaction under one lock: of
 * several processes that start together one works at a time, and the others find nothing left to do. A value that
 * is changed meanwhile is left alone: whoever changed it wrote it under the current key.
 */
export async function reencryptSecrets(ports: {
  transaction: RunInTransaction;
  secrets: Secrets;
  log: Log;
}): Promise<Reencrypted> {
  const { transaction, secrets, log } = ports;
  const prefix = secrets.currentPrefix;
  const total: Reencrypted = { changed: 0, unreadable: [] };
  if (prefix === null) {
    return total;
  }
  for (const place of ENCRYPTED_COLUMNS) {
    let after: string | null = '';
    while (after !== null) {
      const start: string = after;
      const batch = await transaction((trx) =>
        reencryptBatch(trx, { place, secrets, prefix, after: start }),
      );
      total.changed += batch.changed;
      total.unreadable.push(...batch.unreadable);
      after = batch.next;
    }
  }
  if (total.changed > 0) {
    log.info('Secrets were encrypted again under the current key', { secrets: total.changed });
  }
  if (total.unreadable.length > 0) {
    log.error(
      'Secrets cannot be read: they are under a key that is neither admin.secrets.encryptionKey nor among secrets.previousEncryptionKeys; what needs them is not sent',
      { secrets: total.unreadable.length, rows: total.unreadable.slice(0, BATCH_SIZE) },
    );
  }
  return total;
}

async function reencryptBatch(
  trx: Database,
  input: { place: EncryptedColumn; secrets: Secrets; prefix: string; after: string },
): Promise<Reencrypted & { next: string | null }> {
  const { place, secrets, prefix, after } = input;
  await lockState(trx, STATE.encryption);
  const values = await listEncryptedValues(trx, place, {
    notPrefix: prefix,
    after,
    limit: BATCH_SIZE,
  });
  const batch: Reencrypted = { changed: 0, unreadable: [] };
  for (const { id, value } of values) {
    const clear = secrets.decrypt(value);
    if (clear === null) {
      batch.unreadable.push(`${place.table}/${id}`);
      continue;
    }
    await replaceEncryptedValue(trx, place, { id, from: value, to: secrets.encrypt(clear) });
    batch.changed += 1;
  }
  return { ...batch, next: values.length === BATCH_SIZE ? (values.at(-1)?.id ?? null) : null };
}
