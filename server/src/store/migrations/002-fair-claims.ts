import type { Knex } from 'knex';
import { TABLES } from '../tables';
import { createTable, partialIndex } from './schema';

export const name = '002-fair-claims';

/** What claiming per subscription, rate limits, the circuit breaker, coalescing and batches need. */
export async function up(trx: Knex): Promise<void> {
  await trx.schema.alterTable(TABLES.subscriptions, (table) => {
    /** Attempts that have failed one after the other, and since when; null: the last one was a success. */
    table.integer('consecutive_failures').notNullable().defaultTo(0);
    table.bigInteger('failing_since').nullable();
    /** Set while the circuit breaker is open: when one delivery is tried, and how often that has failed. */
    table.bigInteger('probe_at').nullable();
    table.integer('probe_step').notNullable().defaultTo(0);
    /** The token bucket of `rate_per_second`, as it was at `rate_at`. */
    table.double('rate_tokens').nullable();
    table.bigInteger('rate_at').nullable();
  });
  await trx.schema.alterTable(TABLES.deliveries, (table) => {
    /** Deliveries of one subscription with the same key within its window: only the newest is sent. */
    table.string('coalesce_key', 64).nullable();
    /** Set for a batch: its members are in `newswire_batch_items`; a replay has the same batch id. */
    table.string('batch_id', 36).nullable();
    table.integer('item_count').notNullable().defaultTo(1);
    table.bigInteger('byte_count').nullable();
  });
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_sendable',
    columns: ['subscription_id', 'due_at', 'id'],
    where: "status = 'waiting'",
    mysqlLead: ['status'],
  });
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_coalesce',
    columns: ['subscription_id', 'coalesce_key'],
    where: "status = 'waiting' and coalesce_key is not null",
    mysqlLead: ['status'],
  });
  await createTable(trx, TABLES.batchItems, (table) => {
    table.string('batch_id', 36).notNullable();
    table.integer('position').notNullable();
    table.bigInteger('event_ref').notNullable().index('newswire_batch_items_event');
    table.primary(['batch_id', 'position']);
  });
}
