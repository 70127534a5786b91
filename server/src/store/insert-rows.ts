import type { Knex } from 'knex';
import { chunksOf, INSERT_CHUNK } from './case-by-id';
import { dialectOf } from './database';
import type { Database } from './database';

/** Columns of a table, and what PostgreSQL is to read their values as. */
export type Columns = Readonly<Record<string, 'bigint' | 'integer' | 'text' | 'boolean'>>;

type Value = string | number | boolean | null;

/** Rows with a value for each of the columns. */
export type RowOf<Of extends Columns> = Record<keyof Of, Value>;

/**
 * Inserts many rows, in the given order; no more than a few thousand.
 *
 * On PostgreSQL by one statement with a parameter per column: measured for 250 attempts, 27 µs each of node and PostgreSQL
 * together, against 38 for lists of values, whose parameters PostgreSQL parses one by one.
 */
export async function insertRows<Of extends Columns>(
  trx: Database,
  into: { table: string; columns: Of },
  rows: readonly RowOf<Of>[],
): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const names = Object.keys(into.columns);
  const start = `insert into ${into.table} (${names.join(', ')})`;
  if (dialectOf(trx) === 'postgres') {
    const arrays = Object.entries(into.columns).map(([name, type]) => {
      const values = rows.map((row) => row[name] as Value);
      return type === 'text' ? values : arrayLiteral(values);
    });
    const types = Object.values(into.columns).map((type) => `?::${type}[]`);
    const select = `select * from unnest(${types.join(', ')})`;
    await trx.raw(`${start} ${select}`, arrays as Knex.RawBinding[]);
    return;
  }
  const places = `(${names.map(() => '?').join(', ')})`;
  for (const chunk of chunksOf([...rows], INSERT_CHUNK)) {
    const values = chunk.flatMap((row) => names.map((name) => row[name] as Value));
    await trx.raw(`${start} values ${chunk.map(() => places).join(', ')}`, values);
  }
}

/** A PostgreSQL array of numbers or booleans, which the driver would look through for what has to be escaped. */
function arrayLiteral(values: Value[]): string {
  return `{${values.map((value) => value ?? 'null').join(',')}}`;
}
