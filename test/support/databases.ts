import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database } from '@strapi/database';
import type { Knex } from 'knex';
import { describe, inject } from 'vitest';
import type { Dialect } from '../../server/src/store/database';
import { enter } from './leftovers';
import { waitFor } from './wait-for';

const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres', 'mysql'];

/** The kinds of database that this run can test on. */
function dialects(): Dialect[] {
  return DIALECTS.filter((dialect) => dialect !== 'mysql' || inject('databaseServers').mysql);
}

/**
 * Describes the same behaviour on every kind of database. On one that is not there the tests are skipped and
 * counted as such.
 *
 * @example describeOnEachDatabase('claiming deliveries', (dialect) => { it(…) })
 */
export function describeOnEachDatabase(
  name: string,
  suite: (dialect: Dialect) => void,
  on: readonly Dialect[] = DIALECTS,
): void {
  const available = dialects();
  for (const dialect of on) {
    const describeHere = available.includes(dialect) ? describe : describe.skip;
    describeHere(`${name} (${dialect})`, () => suite(dialect));
  }
}

export interface TestDatabase {
  dialect: Dialect;
  /** Strapi's `connection` setting of `config/database`. */
  connection: Knex.Config;
  /** What puts the demo on this database: DATABASE_URL, or DATABASE_FILENAME. */
  env: { DATABASE_URL: string } | { DATABASE_FILENAME: string };
  /**
   * A connection pool as Strapi makes it, with its drivers' settings. Each call makes one of its own, so that two
   * stand for two processes; `drop` closes them.
   */
  knex(pool?: { min: number; max: number }): Knex;
  /** Ends the pools, checks that nobody else is still connected, and removes the database. */
  drop(): Promise<void>;
}

/** Makes an empty database on a PostgreSQL of the test's own. */
export function createDatabaseOn(postgresUrl: string): Promise<TestDatabase> {
  return onServer('postgres', postgresUrl, POSTGRES);
}

/** Makes an empty database with a name of its own. Whoever makes one drops it. */
export async function createTestDatabase(dialect: Dialect): Promise<TestDatabase> {
  switch (dialect) {
    case 'sqlite':
      return sqlite();
    case 'postgres':
      return onServer('postgres', inject('databaseServers').postgres, POSTGRES);
    case 'mysql': {
      const { mysql } = inject('databaseServers');
      if (!mysql) throw new Error('There is no MySQL here: use describeOnEachDatabase');
      return onServer('mysql', mysql, MYSQL);
    }
  }
}

function sqlite(): TestDatabase {
  const folder = mkdtempSync(path.join(tmpdir(), 'newswire-sqlite-'));
  const filename = path.join(folder, 'data.db');
  return testDatabase({
    dialect: 'sqlite',
    name: filename,
    connection: { client: 'sqlite', connection: { filename }, useNullAsDefault: true },
    env: { DATABASE_FILENAME: filename },
    remove: () => {
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  });
}

interface ServerStatements {
  /** Counts the connections to a database, but for the one that asks. */
  countConnections: string;
  drop: string;
}

const POSTGRES: ServerStatements = {
  countConnections: 'select count(*) as n from pg_stat_activity where datname = ?',
  drop: 'drop database if exists ?? with (force)',
};

const MYSQL: ServerStatements = {
  countConnections: 'select count(*) as n from information_schema.processlist where db = ?',
  drop: 'drop database if exists ??',
};

/** A closed connection is still listed for a moment. */
const DISCONNECTED_WITHIN = 3_000;

async function onServer(
  dialect: 'postgres' | 'mysql',
  server: string,
  statements: ServerStatements,
): Promise<TestDatabase> {
  const name = `newswire_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await withServer(dialect, server, (admin) => admin.raw('create database ??', [name]));

  const remove = async () =>
    withServer(dialect, server, async (admin) => {
      const connections = async () => {
        const result: unknown = await admin.raw(statements.countConnections, [name]);
        const rows = (
          dialect === 'postgres' ? (result as { rows: unknown }).rows : (result as unknown[])[0]
        ) as { n: string | number }[];
        return Number(rows[0]?.n);
      };
      const left = await waitFor(async () => (await connections()) === 0, DISCONNECTED_WITHIN).then(
        () => 0,
        connections,
      );
      await admin.raw(statements.drop, [name]);
      if (left > 0) throw new Error(`${left} connections to ${name} were never closed`);
    });

  return testDatabase({
    dialect,
    name,
    connection: { client: dialect, connection: connectionSettings(url), pool: { min: 0, max: 10 } },
    env: { DATABASE_URL: url.href },
    remove,
  });
}

function connectionSettings(url: URL): Knex.StaticConnectionConfig {
  return {
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
  };
}

async function withServer(
  dialect: 'postgres' | 'mysql',
  server: string,
  work: (admin: Knex) => Promise<unknown>,
): Promise<void> {
  const admin = strapiConnection({
    client: dialect,
    connection: connectionSettings(new URL(server)),
    pool: { min: 0, max: 1 },
  });
  try {
    await work(admin);
  } finally {
    await admin.destroy();
  }
}

function testDatabase(settings: {
  dialect: Dialect;
  name: string;
  connection: Knex.Config;
  env: TestDatabase['env'];
  remove: () => Promise<void>;
}): TestDatabase {
  const { dialect, connection, env } = settings;
  const pools: Knex[] = [];
  const drop = async () => {
    strikeOff();
    await Promise.all(pools.map((pool) => pool.destroy()));
    await settings.remove();
  };
  const strikeOff = enter(`${dialect} database ${settings.name}`, drop);
  return {
    dialect,
    connection,
    env,
    knex(pool) {
      const knex = strapiConnection(pool ? { ...connection, pool } : connection);
      pools.push(knex);
      return knex;
    },
    drop,
  };
}

/** Through Strapi's own code, because it changes how the drivers parse columns, for the whole process. */
function strapiConnection(connection: Knex.Config): Knex {
  // Strapi changes the object that it is given.
  const copy = { ...connection, connection: { ...(connection.connection as object) } };
  // Strapi wants a folder of migrations, which these never run.
  return new Database({ connection: copy, settings: { migrations: { dir: tmpdir() } } }).connection;
}
