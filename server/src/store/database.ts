import type { Knex } from 'knex';

/** A connection or an open transaction; every operation of the store takes one. */
export type Database = Knex;

/** Runs work in one transaction: all of it is kept, or none. */
export type RunInTransaction = <T>(work: (trx: Database) => Promise<T>) => Promise<T>;

export type Dialect = 'sqlite' | 'postgres' | 'mysql';

/** Which of the three kinds of database this is, from the name of knex's client. */
export function dialectOf(db: Database): Dialect {
  const client = (db.client as { config: { client: string } }).config.client;
  if (client.includes('sqlite')) {
    return 'sqlite';
  }
  if (client.startsWith('mysql') || client === 'mariadb') {
    return 'mysql';
  }
  if (client.startsWith('pg') || client.startsWith('postgres')) {
    return 'postgres';
  }
  throw new Error(`Newswire runs on SQLite, PostgreSQL and MySQL/MariaDB, not on "${client}"`);
}

/**
 * Runs work in a transaction of its own, as the sequencer and the workers do; never from within an editor's save. On MySQL
 * at READ COMMITTED: its default also locks the gaps between the rows that are updated, and an editor's insert into the event
 * log could be ended as the victim of a deadlock.
 */
export async function ownTransaction<T>(
  db: Database,
  work: (trx: Database) => Promise<T>,
): Promise<T> {
  return dialectOf(db) === 'mysql'
    ? db.transaction(work, { isolationLevel: 'read committed' })
    : db.transaction(work);
}

/**
 * Locks the rows of a select against other processes and passes over rows that another has locked. SQLite has
 * one writer at a time and no such clause.
 */
export function forUpdateSkipLocked<Query extends Knex.QueryBuilder>(
  db: Database,
  query: Query,
): Query {
  return dialectOf(db) === 'sqlite' ? query : (query.forUpdate().skipLocked() as Query);
}

/** A bigint column's value: PostgreSQL's driver gives text, the others numbers. */
export function toNumber(value: unknown): number {
  return Number(value);
}

/** A nullable bigint column's value. */
export function toNumberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** A nullable instant kept as milliseconds since 1970. */
export function toDateOrNull(value: unknown): Date | null {
  const milliseconds = toNumberOrNull(value);
  return milliseconds === null ? null : new Date(milliseconds);
}
