import { toNumber } from './database';
import type { Database } from './database';
import { STATE, TABLES } from './tables';

/** Grows with every change of a subscription or key; what is kept in memory is reloaded when it has moved. */
export async function readConfigVersion(db: Database): Promise<number> {
  const row = await db(TABLES.state)
    .where({ name: STATE.configVersion })
    .first<{ value: unknown } | undefined>('value');
  return toNumber(row?.value);
}

/** Called in the transaction that changes a subscription or a key. */
export async function bumpConfigVersion(trx: Database): Promise<void> {
  await trx(TABLES.state).where({ name: STATE.configVersion }).increment('value', 1);
}
