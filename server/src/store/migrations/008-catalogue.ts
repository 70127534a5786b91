import type { Knex } from 'knex';
import { STATE, TABLES } from '../tables';
import { createTable } from './schema';

export const name = '008-catalogue';

/** Items with a scope of their own, where an invalid event came from, moments that are to come, and published schemas. */
export async function up(trx: Knex): Promise<void> {
  await trx.schema.alterTable(TABLES.events, (table) => {
    /** `{ list, scopes }` as JSON: see domain/items.ts. */
    table.text('items', 'longtext').nullable();
    /** The change that an invalid event came from, as JSON. */
    table.text('origin', 'longtext').nullable();
  });
  /** A time at which a document may make an event although nobody writes. */
  await createTable(trx, TABLES.moments, (table) => {
    table.bigIncrements('id');
    table.string('uid', 200).notNullable();
    table.string('document_id', 64).notNullable();
    table.string('locale', 35).nullable();
    table.string('status', 10).notNullable();
    table.string('event_type', 200).notNullable();
    table.string('name', 100).notNullable();
    table.bigInteger('due_at').notNullable();
    /** When it is to be looked at: at `due_at`, or later after a failure. */
    table.bigInteger('try_at').notNullable();
    table.index(['try_at'], 'newswire_moments_try');
    table.index(['document_id', 'uid'], 'newswire_moments_document');
  });
  await trx(TABLES.state).insert({ name: STATE.scheduledMoments, value: 0 });
  /** Every schema under which events were made: the catalogue's memory. */
  await createTable(trx, TABLES.schemas, (table) => {
    table.string('event_type', 200).notNullable();
    table.string('version', 40).notNullable();
    /** SHA-256 of the schema's canonical JSON, hex. */
    table.string('digest', 64).notNullable();
    table.text('schema', 'longtext').notNullable();
    /** What changed, as a JSON list of sentences. */
    table.text('changes', 'longtext').notNullable();
    table.bigInteger('recorded_at').notNullable();
    table.primary(['event_type', 'version']);
  });
}
