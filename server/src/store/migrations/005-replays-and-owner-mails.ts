import type { Knex } from 'knex';
import { TABLES } from '../tables';
import { createTable, partialIndex } from './schema';

export const name = '005-replays-and-owner-mails';

export async function up(trx: Knex): Promise<void> {
  await createReplays(trx);
  await createOwnerMails(trx);
  await changeDeliveries(trx);
}

async function createReplays(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.replays, (table) => {
    table.bigIncrements('id');
    table.string('replay_id', 36).notNullable().unique('newswire_replays_replay_id');
    table.string('subscription_id', 36).notNullable();
    /** The subscription's id while deliveries are still to be made, else null: one such replay per subscription. */
    table.string('making_for', 36).nullable().unique('newswire_replays_making_for');
    table.string('state', 16).notNullable();
    table.string('reason', 500).nullable();
    /** JSON of what was asked for, validated. */
    table.text('request', 'longtext').notNullable();
    /** JSON of who started it. */
    table.text('started_by', 'longtext').notNullable();
    /** Null where counting would have taken too long. */
    table.bigInteger('matched').nullable();
    table.bigInteger('scheduled').notNullable().defaultTo(0);
    /** Sequence numbers: all up to `position` are done, none after `up_to` is looked at. */
    table.bigInteger('position').notNullable();
    table.bigInteger('up_to').notNullable();
    table.integer('rate_per_second').notNullable();
    /** False once nothing is left to make, to wait for or to cancel. */
    table.boolean('open').notNullable().defaultTo(true);
    /** When the runner is to look at it again. */
    table.bigInteger('next_at').notNullable();
    table.string('lease_token', 36).nullable();
    table.bigInteger('lease_until').nullable();
    /** JSON of the deliveries by status, kept when it was closed. */
    table.text('final_counts', 'longtext').nullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('finished_at').nullable();
    table.index(['open', 'next_at'], 'newswire_replays_open');
    table.index(['subscription_id', 'id'], 'newswire_replays_subscription');
  });
}

async function createOwnerMails(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.ownerMails, (table) => {
    table.string('subscription_id', 36).notNullable();
    table.string('kind', 16).notNullable();
    table.bigInteger('told_at').notNullable();
    /** Of whoever sends the mail: of several processes one. */
    table.string('token', 36).notNullable();
    table.primary(['subscription_id', 'kind']);
  });
}

async function changeDeliveries(trx: Knex): Promise<void> {
  await trx.schema.alterTable(TABLES.deliveries, (table) => {
    table.bigInteger('replay_ref').nullable();
  });
  // Partial where the database has that, so that deliveries which are no replay pay nothing for it.
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_replay',
    columns: ['replay_ref', 'settled'],
    where: 'replay_ref is not null',
    mysqlLead: [],
  });

  // A subscription's deliveries in sequence order: what a replay walks along, however long the log of the others is.
  await trx.schema.alterTable(TABLES.deliveries, (table) => {
    table.index(['subscription_id', 'sequence_number'], 'newswire_deliveries_sequence');
  });
}
