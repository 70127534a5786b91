import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Dialect } from '../../../server/src/store/database';
import { migrate } from '../../../server/src/store/migrate';
import { STATE, TABLES } from '../../../server/src/store/tables';
import { createTestDatabase, type TestDatabase } from '../../support/databases';

/** Newswire's tables on a database of their own, empty at the start of every test. */
export interface TestLog {
  readonly dialect: Dialect;
  readonly database: TestDatabase;
  /** The test's own connections. */
  readonly db: Knex;
  /**
   * Connection pools that stand for as many processes. On SQLite, where no two processes share a database, they are
   * the test's own.
   */
  processes(count: number): Knex[];
}

/** Makes a log for the tests of a `describe`, and drops it after them. */
export function useLog(dialect: Dialect): TestLog {
  let database: TestDatabase;
  let db: Knex;
  const pools: Knex[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    db = database.knex();
    await migrate(db);
  });
  beforeEach(() => empty(db));
  afterAll(() => database.drop());

  return {
    dialect,
    get database() {
      return database;
    },
    get db() {
      return db;
    },
    processes(count) {
      if (dialect === 'sqlite') return Array.from({ length: count }, () => db);
      while (pools.length < count) pools.push(database.knex());
      return pools.slice(0, count);
    },
  };
}

async function empty(db: Knex): Promise<void> {
  const { migrations, state, ...emptied } = TABLES;
  void migrations;
  for (const table of Object.values(emptied)) {
    await db(table).delete();
  }
  await db(state)
    .whereIn('name', [STATE.sequence, STATE.slaCountedUntil])
    .update({ value: 0, released: 0 });
  await db(state).where({ name: STATE.configVersion }).increment('value', 1);
}

/** Work in a transaction that ends as services/transaction.ts and Strapi's `db.transaction` end it. */
export async function inTransaction<T>(db: Knex, work: (trx: Knex) => Promise<T>): Promise<T> {
  const trx = await db.transaction();
  try {
    const result = await work(trx);
    await trx.commit();
    // knex tells of a commit that failed by this alone.
    await trx.executionPromise;
    return result;
  } catch (error) {
    if (!trx.isCompleted()) await trx.rollback();
    throw error;
  }
}

export const newId = (): string => randomUUID();
