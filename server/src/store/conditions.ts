/** Conditions of deliveries in the form that the indexes of each database have, word for word. */
import type { Knex } from 'knex';
import { dialectOf } from './database';
import type { Database } from './database';

/**
 * Of deliveries that wait. What is being sent is in the same indexes, so that a claim changes none of them. `table` is the
 * name that the query gives to theirs.
 */
export function isWaiting(table?: string): string {
  const column = (name: string) => (table === undefined ? name : `${table}.${name}`);
  return `${column('settled')} = false and ${column('status')} = 'waiting'`;
}

/**
 * Of deliveries that are unsettled, where they are looked for by their order hash. PostgreSQL is told it in other words than
 * the other indexes over what is owed: while its statistics say that nothing is owed, it would walk one of those for every
 * hash (seen: 350 deliveries a second instead of thousands).
 */
export function isUnsettledInOrder(db: Database, table: string): string {
  return dialectOf(db) === 'postgres'
    ? `${table}.settled::integer = 0`
    : `${table}.settled = false`;
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
      return [`${column} = any(?::bigint[])`, [`{${ids.join(',')}}`]];
    case 'sqlite':
      return [`${column} in (select value from json_each(?))`, [JSON.stringify(ids)]];
    case 'mysql':
      return [`${column} in (${ids.map(() => '?').join(', ') || 'null'})`, [...ids]];
  }
}
