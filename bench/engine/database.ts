import { tmpdir } from 'node:os';
import { Database } from '@strapi/database';
import type { Knex } from 'knex';

/** A SQLite file, or the URL of a PostgreSQL database. */
export type DatabaseAddress = { sqlite: string } | { postgres: string };

/** As in Strapi's own templates. */
const POOL = { min: 2, max: 10 };

/** Connects as Strapi does, through its own code: its drivers' settings, its default journal on SQLite. */
export function connect(address: DatabaseAddress): Knex {
  const connection: Knex.Config =
    'sqlite' in address
      ? { client: 'sqlite', connection: { filename: address.sqlite }, useNullAsDefault: true }
      : { client: 'postgres', connection: settingsOf(new URL(address.postgres)), pool: POOL };
  // Strapi wants a folder of migrations, which these never run.
  return new Database({ connection, settings: { migrations: { dir: tmpdir() } } }).connection;
}

function settingsOf(url: URL): Knex.StaticConnectionConfig {
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
  };
}
