/** Conditions of deliveries in the form that the indexes of each database have, word for word. */
import type { Knex } from 'knex';
import { dialectOf } from './database';
import type { Database } from './database';

/** Of deliveries that wait. `table` is the name that the query gives to theirs. */
export function isWaiting(db: Database, table?: string): string {
  const column = (name: string) => (table === undefined ? name : `${table}.${name}`);
  const waiting = `${column('status')} = 'waiting'`;
  return dialectOf(db) === 'postgres' ? `${column('settled')} = false and ${waiting}` : waiting;
}

const TROUBLED = ['dead', 'superseded', 'cancelled', 'awaiting_callback'];

/** Narrows a query of deliveries to those with a status. */
export function whereStatus(
  db: Database,
  query: Knex.QueryBuilder,
  input: { table: string; status: string },
): void {
  const { table, status } = input;
  if (TROUBLED.includes(status) && dialectOf(db) === 'postgres') {
    void query.where(`${table}.trouble`, status);
    return;
  }
  void query.where(`${table}.status`, status);
  if (TROUBLED.includes(status)) {
    void query.whereRaw(`${table}.status in (${TROUBLED.map((one) => `'${one}'`).join(', ')})`);
  } else if (status === 'waiting' || status === 'sending') {
    void query.whereRaw(`${table}.settled = false`);
  }
}

/** Of deliveries that are dead letters. */
export function isDead(db: Database): string {
  return dialectOf(db) === 'postgres' ? "trouble = 'dead'" : "status = 'dead'";
}

/**
 * Of rows with one of these ids, as a raw condition: one parameter, however many there are, which is what a statement of
 * hundreds costs knex and PostgreSQL most for.
 */
export function isAnyOf(
  db: Database,
  column: string,
  ids: readonly number[],
): [string, Knex.RawBinding[]] {
  switch (dialectOf(db)) {
    case 'postgres':
      return [`${column} = any(?::bigint[])`, [ids]];
    case 'sqlite':
      return [`${column} in (select value from json_each(?))`, [JSON.stringify(ids)]];
    case 'mysql':
      return [`${column} in (${ids.map(() => '?').join(', ') || 'null'})`, [...ids]];
  }
}
