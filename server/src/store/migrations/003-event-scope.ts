import type { Knex } from 'knex';
import { TABLES } from '../tables';

export const name = '003-event-scope';

export async function up(trx: Knex): Promise<void> {
  await trx.schema.alterTable(TABLES.events, (table) => {
    /** JSON of territories, genres and content types; null where the event says nothing of them. */
    table.text('scope', 'longtext').nullable();
  });
}
