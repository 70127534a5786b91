import { toNumber } from './database';
import type { Database } from './database';
import { STATE, TABLES } from './tables';

/** How far the log is released, and which configuration counts; in one statement. */
export async function readLogState(
  db: Database,
): Promise<{ released: number; configVersion: number }> {
  const rows = await db(TABLES.state)
    .whereIn('name', [STATE.sequence, STATE.configVersion])
    .select<{ name: string; value: unknown; released: unknown }[]>('name', 'value', 'released');
  const row = (name: string) => rows.find((one) => one.name === name);
  return {
    released: toNumber(row(STATE.sequence)?.released ?? 0),
    configVersion: toNumber(row(STATE.configVersion)?.value ?? 0),
  };
}
