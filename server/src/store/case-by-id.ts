import type { Knex } from 'knex';
import type { Database } from './database';

/** Rows of one multi-row insert: SQLite takes at most 500 terms in a compound select. */
export const INSERT_CHUNK = 100;

/** Cuts a list into pieces of at most `size`. */
export function chunksOf<T>(list: T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < list.length; start += size) {
    chunks.push(list.slice(start, start + size));
  }
  return chunks;
}

/**
 * `case id when … then … end`: a column's new value for many rows in one update, on all three databases. Integers
 * stand in the statement itself, because PostgreSQL takes a bound value in a `case` for text; and where all rows get
 * the same value it is that value, because PostgreSQL takes a `case` of nulls for text too.
 */
export function caseById(
  db: Database,
  entries: { id: number; value: number | boolean | string | null }[],
): Knex.Raw | number | boolean | string | null {
  const [first] = entries;
  if (first && entries.every(({ value }) => value === first.value)) {
    return first.value;
  }
  const bindings: string[] = [];
  const branches = entries.map(({ id, value }) => {
    if (!Number.isSafeInteger(id)) {
      throw new Error(`Not a row's id: ${id}`);
    }
    if (typeof value === 'string') {
      bindings.push(value);
      return `when ${id} then ?`;
    }
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw new Error(`Not a whole number: ${value}`);
    }
    return `when ${id} then ${value}`;
  });
  return db.raw(`case id ${branches.join(' ')} end`, bindings);
}
