import type { Knex } from 'knex';
import { dialectOf } from '../database';

/** A partial index where the database has them; on MySQL the leading columns do the same. */
interface IndexInput {
  table: string;
  name: string;
  columns: string[];
  /** Condition of the partial index. */
  where: string;
  /** Columns that MySQL puts in front instead of the condition. */
  mysqlLead: string[];
}

export async function partialIndex(trx: Knex, input: IndexInput): Promise<void> {
  if (dialectOf(trx) === 'mysql') {
    const columns = [...input.mysqlLead, ...input.columns];
    await trx.schema.alterTable(input.table, (table) => {
      table.index(columns, input.name);
    });
    return;
  }
  const columns = input.columns.map(() => '??').join(', ');
  await trx.raw(`create index ?? on ?? (${columns}) where ${input.where}`, [
    input.name,
    input.table,
    ...input.columns,
  ]);
}

export async function createTable(
  trx: Knex,
  name: string,
  define: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  await trx.schema.createTable(name, (table) => {
    if (dialectOf(trx) === 'mysql') {
      table.charset('utf8mb4');
      table.engine('InnoDB');
    }
    define(table);
  });
}

/** A string column in which `a` is not `A`: on MySQL that takes a collation, on the others it is so. */
export function exactString(
  trx: Knex,
  table: Knex.CreateTableBuilder,
  { name, length }: { name: string; length: number },
): Knex.ColumnBuilder {
  const column = table.string(name, length);
  return dialectOf(trx) === 'mysql' ? column.collate('utf8mb4_bin') : column;
}
