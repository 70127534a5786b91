import type { Knex } from 'knex';
import { dialectOf } from '../database';
import { TABLES } from '../tables';
import { createTable, partialIndex } from './schema';

export const name = '002-fair-claims';

/**
 * Deliveries that a person looks for by status, besides those that are still owed. A query names this condition word for
 * word (store/delivery-log.ts), or SQLite and PostgreSQL do not use the index.
 */
const TROUBLED = "status in ('dead', 'superseded', 'cancelled', 'awaiting_callback')";

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
  await trimIndexes(trx);
}

/**
 * PostgreSQL writes into every index of a row that is updated, and a delivery is updated twice: measured, the indexes that are
 * dropped here took a fifth of the server's time for a delivery (November 2026, PostgreSQL 15). The others write only
 * where an indexed column has changed; there it is the status.
 */
async function trimIndexes(trx: Knex): Promise<void> {
  const dialect = dialectOf(trx);
  const drop = (columns: string[], indexName: string) =>
    trx.schema.alterTable(TABLES.deliveries, (table) => table.dropIndex(columns, indexName));
  // Whatever is due is now looked for by subscription.
  await drop(['due_at', 'id'], 'newswire_deliveries_due');
  if (dialect === 'mysql') {
    return;
  }
  await drop(['status', 'id'], 'newswire_deliveries_status');
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_troubled',
    columns: ['status', 'id'],
    where: TROUBLED,
    mysqlLead: [],
  });
  if (dialect === 'postgres') {
    await drop(['event_type', 'id'], 'newswire_deliveries_type');
    await drop(['created_at'], 'newswire_deliveries_created_at');
    await trx.raw('create index ?? on ?? using brin (created_at)', [
      'newswire_deliveries_created_at',
      TABLES.deliveries,
    ]);
  }
}
