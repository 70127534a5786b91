import { toNumber } from './database';
import type { Database } from './database';
import { STATE, TABLES } from './tables';

/** The last release number given. All smaller ones are visible to who sees it. */
export async function readReleased(db: Database): Promise<number> {
  const row = await db(TABLES.state)
    .where({ name: STATE.sequence })
    .first<{ released: unknown } | undefined>('released');
  return toNumber(row?.released);
}
