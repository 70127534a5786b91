import type { Knex } from 'knex';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dialectOf } from '../../../server/src/store/database';
import { migrate } from '../../../server/src/store/migrate';
import { MIGRATIONS, type Migration } from '../../../server/src/store/migrations';
import { STATE, TABLES } from '../../../server/src/store/tables';
import { createTestDatabase, describeOnEachDatabase } from '../../support/databases';
import type { TestDatabase } from '../../support/databases';

/** Each on an empty database: a race does not show itself every time. */
const ROUNDS = 5;

/** MariaDB takes seconds for the tables of a round. */
const ALL_ROUNDS_MS = 180_000;

const FRESH_STATE = {
  [STATE.configVersion]: 1,
  [STATE.sequence]: 0,
  [STATE.producerKeys]: 0,
  [STATE.encryption]: 0,
  [STATE.slaCountedUntil]: 0,
  [STATE.scheduledMoments]: 0,
  [STATE.acceptances]: 0,
};

const NAMES = MIGRATIONS.map(({ name }) => name);

describeOnEachDatabase('Migrating', (dialect) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase(dialect);
  });
  afterEach(() => database.drop());

  it('makes all tables in an empty database, once', async () => {
    const db = database.knex();

    expect(await migrate(db)).toEqual(NAMES);
    expect(await tables(db)).toEqual(Object.values(TABLES).sort());
    expect(await migrationsRun(db)).toEqual(NAMES);
    expect(await state(db)).toEqual(FRESH_STATE);

    expect(await migrate(db)).toEqual([]);
    expect(await migrationsRun(db)).toEqual(NAMES);
  });

  it('leaves the rows alone when it runs again', async () => {
    const db = database.knex();
    await migrate(db);
    await db(TABLES.state).where({ name: STATE.sequence }).update({ value: 1_042 });
    await migrate(db);
    expect(await state(db)).toMatchObject({ [STATE.sequence]: 1_042 });
  });

  it('names the migration that failed, and can be run again once it is mended', async () => {
    const db = database.knex();
    const failing: Migration = {
      name: '999-fails',
      up: async (trx) => {
        await trx.schema.createTable('newswire_half_done', (table) => table.increments('id'));
        throw new Error('no space left on device');
      },
    };
    MIGRATIONS.push(failing);
    try {
      await expect(migrate(db)).rejects.toThrow("Newswire's migration 999-fails failed");
    } finally {
      MIGRATIONS.pop();
    }
    // MySQL commits with every statement that changes the schema.
    expect(await tables(db)).toEqual(
      dialect === 'mysql' ? [...Object.values(TABLES), 'newswire_half_done'].sort() : [],
    );
    await migrate(db);
    expect(await migrationsRun(db)).toEqual(NAMES);
  });
});

describeOnEachDatabase(
  'Migrating from several processes',
  (dialect) => {
    let database: TestDatabase;

    beforeEach(async () => {
      database = await createTestDatabase(dialect);
    });
    afterEach(() => database.drop());

    it(
      'makes one set of tables when they all start at once',
      async () => {
        const processes = Array.from({ length: 6 }, () => database.knex());
        const [db] = processes as [Knex];
        // Connected already, so that they do start at once.
        await Promise.all(processes.map((one) => one.raw('select 1')));
        for (let round = 1; round <= ROUNDS; round += 1) {
          const ran = await Promise.all(processes.map((one) => migrate(one)));

          expect(ran.flat()).toEqual(NAMES);
          expect(await tables(db)).toEqual(Object.values(TABLES).sort());
          expect(await migrationsRun(db)).toEqual(NAMES);
          expect(await state(db)).toEqual(FRESH_STATE);
          for (const table of Object.values(TABLES)) {
            await db.schema.dropTable(table);
          }
        }
      },
      ALL_ROUNDS_MS,
    );
  },
  ['postgres', 'mysql'],
);

/** What the database itself says it has. */
async function tables(db: Knex): Promise<string[]> {
  switch (dialectOf(db)) {
    case 'sqlite': {
      const rows: Named[] = await db('sqlite_master').where({ type: 'table' }).select('name');
      return named(rows.map(({ name }) => name));
    }
    case 'postgres':
    case 'mysql': {
      const schema = dialectOf(db) === 'mysql' ? 'database()' : 'current_schema()';
      const rows: Named[] = await db('information_schema.tables')
        .whereRaw(`table_schema = ${schema}`)
        .select({ name: 'table_name' });
      return named(rows.map(({ name }) => name));
    }
  }
}

interface Named {
  name: string;
}

const named = (names: string[]) => names.filter((name) => name.startsWith('newswire_')).sort();

async function migrationsRun(db: Knex): Promise<string[]> {
  const rows: Named[] = await db(TABLES.migrations).orderBy('name').select('name');
  return rows.map(({ name }) => name);
}

async function state(db: Knex): Promise<Record<string, number>> {
  const rows: { name: string; value: unknown }[] = await db(TABLES.state).select('name', 'value');
  return Object.fromEntries(rows.map(({ name, value }) => [name, Number(value)]));
}
