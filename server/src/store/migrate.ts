import { dialectOf } from './database';
import type { Database } from './database';
import { MIGRATIONS } from './migrations';
import { TABLES } from './tables';

/** Any number will do that no other program uses for its advisory locks. */
const LOCK_KEY = 7_119_330_118;
const LOCK_NAME = 'newswire_migrations';
const LOCK_WAIT_SECONDS = 60;

/**
 * Brings the tables up to date: each migration once, in order. Processes that start together on one database wait
 * for each other under a lock of the database.
 *
 * @returns names of the migrations that ran now.
 * @throws Error naming the migration that failed; on PostgreSQL and SQLite it left nothing behind.
 */
export async function migrate(db: Database): Promise<string[]> {
  return db.transaction(async (trx) => {
    await lock(trx);
    try {
      if (!(await trx.schema.hasTable(TABLES.migrations))) {
        await trx.schema.createTable(TABLES.migrations, (table) => {
          table.string('name', 100).primary();
          table.bigInteger('ran_at').notNullable();
        });
      }
      return await runPending(trx);
    } finally {
      await unlock(trx);
    }
  });
}

async function runPending(trx: Database): Promise<string[]> {
  const rows: { name: string }[] = await trx(TABLES.migrations).select('name');
  const done = new Set(rows.map((row) => row.name));
  const pending = MIGRATIONS.filter((migration) => !done.has(migration.name));
  for (const migration of pending) {
    try {
      await migration.up(trx);
    } catch (cause) {
      throw new Error(`Newswire's migration ${migration.name} failed`, { cause });
    }
    await trx(TABLES.migrations).insert({ name: migration.name, ran_at: Date.now() });
  }
  return pending.map((migration) => migration.name);
}

async function lock(trx: Database): Promise<void> {
  const dialect = dialectOf(trx);
  if (dialect === 'postgres') {
    await trx.raw('select pg_advisory_xact_lock(?)', [LOCK_KEY]);
  } else if (dialect === 'mysql') {
    const [rows] = (await trx.raw('select get_lock(?, ?) as held', [
      LOCK_NAME,
      LOCK_WAIT_SECONDS,
    ])) as [{ held: number | null }[]];
    if (Number(rows[0]?.held) !== 1) {
      throw new Error(
        `Another process has been migrating Newswire's tables for over ${LOCK_WAIT_SECONDS} s; start again when it is done`,
      );
    }
  }
}

/** PostgreSQL lets go at the end of the transaction; MySQL's lock belongs to the connection. */
async function unlock(trx: Database): Promise<void> {
  if (dialectOf(trx) === 'mysql') {
    await trx.raw('select release_lock(?)', [LOCK_NAME]);
  }
}
