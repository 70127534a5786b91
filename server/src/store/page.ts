import type { Knex } from 'knex';
import type { Database } from './database';

/** One page of a list: rows newest first, and whether there are more. */
export interface Page<Row> {
  rows: Row[];
  hasMore: boolean;
}

/** Bounds of a list that is read newest first. */
export interface PageInput {
  limit: number;
  /** Public id of the last row of the page before. */
  after: string | null;
}

/** An id after which a list was to go on, and which is not there. */
export class UnknownCursorError extends Error {}

/**
 * Reads a page by key, never by offset: it costs the same anywhere in the list, and rows that come in meanwhile neither
 * repeat nor hide one.
 *
 * @throws UnknownCursorError when `after` names no row.
 */
export async function readPage(
  db: Database,
  query: Knex.QueryBuilder,
  input: PageInput & { table: string; publicId: string },
): Promise<Page<Record<string, unknown>>> {
  if (input.after !== null) {
    const last = await db(input.table)
      .where(input.publicId, input.after)
      .first<{ id: string | number } | undefined>('id');
    if (!last) {
      throw new UnknownCursorError(`Nothing has the id "${input.after}"`);
    }
    void query.where(`${input.table}.id`, '<', last.id);
  }
  const rows = (await query.orderBy(`${input.table}.id`, 'desc').limit(input.limit + 1)) as Record<
    string,
    unknown
  >[];
  return { rows: rows.slice(0, input.limit), hasMore: rows.length > input.limit };
}

/** Narrows a query to an event type, or to all types below a prefix, e.g. `executive.*`. */
export function whereEventType(query: Knex.QueryBuilder, column: string, pattern: string): void {
  if (pattern === '*') {
    return;
  }
  if (pattern.endsWith('.*')) {
    const prefix = pattern.slice(0, -1).replace(/[!%_]/g, '!$&');
    void query.whereRaw(`?? like ? escape '!'`, [column, `${prefix}%`]);
    return;
  }
  void query.where(column, pattern);
}
