import type { Database } from './database';
import { TABLES } from './tables';
import type { STATE } from './tables';

/** Waits until nobody else holds the row, and holds it until the transaction ends. SQLite has one writer anyway. */
export async function lockState(
  trx: Database,
  name: typeof STATE.producerKeys | typeof STATE.encryption | typeof STATE.acceptances,
): Promise<void> {
  await trx(TABLES.state).where({ name }).forUpdate().first('value');
}
