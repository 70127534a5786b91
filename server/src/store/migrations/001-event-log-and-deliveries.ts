import type { Knex } from 'knex';
import { STATE, TABLES } from '../tables';
import { createTable, partialIndex } from './schema';

export const name = '001-event-log-and-deliveries';

export async function up(trx: Knex): Promise<void> {
  await createEvents(trx);
  await createSubscriptions(trx);
  await createDeliveries(trx);
  await createTable(trx, TABLES.state, (table) => {
    table.string('name', 50).primary();
    table.bigInteger('value').notNullable();
  });
  await trx(TABLES.state).insert([
    { name: STATE.sequence, value: 0 },
    { name: STATE.configVersion, value: 1 },
  ]);
}

async function createEvents(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.events, (table) => {
    table.bigIncrements('id');
    table.string('event_id', 36).notNullable().unique('newswire_events_event_id');
    table.string('event_type', 200).notNullable();
    table.string('schema_version', 32).notNullable();
    /** unsequenced → sequenced; or invalid, which stays out of the numbering. */
    table.string('status', 16).notNullable();
    table.bigInteger('sequence_number').nullable().unique('newswire_events_sequence_number');
    table.string('subject_type', 200).notNullable();
    table.string('subject_id', 100).notNullable();
    table.string('locale', 35).nullable();
    table.string('actor_type', 16).notNullable();
    table.string('actor_id', 100).nullable();
    table.bigInteger('occurred_at').notNullable();
    table.bigInteger('produced_at').nullable();
    /** Only this subscription gets the event (a test event); null: whoever it matches. */
    table.string('target_subscription_id', 36).nullable();
    /** JSON list of attribute names, for matching without reading the body. */
    table.text('changed', 'longtext').notNullable();
    /** JSON list of reasons why the event is invalid. */
    table.text('errors', 'longtext').nullable();
    /** The event as JSON without its opening brace: see domain/event.ts. */
    table.text('body', 'longtext').notNullable();
    table.index(['subject_type', 'subject_id', 'id'], 'newswire_events_subject');
    table.index(['event_type', 'id'], 'newswire_events_type');
    table.index(['occurred_at'], 'newswire_events_occurred_at');
  });
  await partialIndex(trx, {
    table: TABLES.events,
    name: 'newswire_events_invalid',
    columns: ['id'],
    where: "status = 'invalid'",
    mysqlLead: ['status'],
  });
  await partialIndex(trx, {
    table: TABLES.events,
    name: 'newswire_events_unsequenced',
    columns: ['id'],
    where: "status = 'unsequenced'",
    mysqlLead: ['status'],
  });
}

async function createSubscriptions(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.subscriptions, (table) => {
    table.string('id', 36).primary();
    table.string('name', 200).notNullable();
    table.string('state', 16).notNullable();
    table.string('state_reason', 500).nullable();
    /** JSON of the settings; custom headers have their names here and their values encrypted beside it. */
    table.text('settings', 'longtext').notNullable();
    table.text('encrypted_headers', 'longtext').nullable();
    /** Nothing is sent before this instant (`Retry-After`). */
    table.bigInteger('held_until').nullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });
  await createTable(trx, TABLES.keys, (table) => {
    table.string('kid', 64).primary();
    table.string('subscription_id', 36).notNullable().index('newswire_keys_subscription');
    table.text('encrypted_secret').notNullable();
    table.boolean('current').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').nullable();
  });
}

async function createDeliveries(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.deliveries, (table) => {
    table.bigIncrements('id');
    table.string('delivery_id', 36).notNullable().unique('newswire_deliveries_delivery_id');
    table.string('subscription_id', 36).notNullable();
    table.bigInteger('event_ref').notNullable().index('newswire_deliveries_event');
    table.string('event_type', 200).notNullable();
    table.bigInteger('sequence_number').notNullable();
    table.string('subject_id', 100).notNullable();
    /** Deliveries of one subscription with the same key are sent one after the other; null: no order. */
    table.string('order_key', 320).nullable();
    table.string('status', 20).notNullable();
    table.boolean('settled').notNullable().defaultTo(false);
    table.boolean('replay').notNullable().defaultTo(false);
    table.string('reason', 500).nullable();
    /** Attempts made in all; `schedule_step` counts those of the current schedule, which a retry by hand restarts. */
    table.integer('attempts').notNullable().defaultTo(0);
    table.integer('schedule_step').notNullable().defaultTo(0);
    table.bigInteger('due_at').nullable();
    table.string('lease_owner', 36).nullable();
    table.string('lease_token', 36).nullable();
    table.bigInteger('lease_until').nullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('settled_at').nullable();
    table.index(['subscription_id', 'id'], 'newswire_deliveries_subscription');
    table.index(['status', 'id'], 'newswire_deliveries_status');
    table.index(['event_type', 'id'], 'newswire_deliveries_type');
    table.index(['created_at'], 'newswire_deliveries_created_at');
  });
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_due',
    columns: ['due_at', 'id'],
    where: "status = 'waiting'",
    mysqlLead: ['status'],
  });
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_leased',
    columns: ['lease_until'],
    where: "status = 'sending'",
    mysqlLead: ['status'],
  });
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_order',
    columns: ['subscription_id', 'order_key', 'id'],
    where: 'settled = false',
    mysqlLead: ['settled'],
  });
  await createTable(trx, TABLES.attempts, (table) => {
    table.bigIncrements('id');
    table.bigInteger('delivery_ref').notNullable();
    table.integer('number').notNullable();
    table.bigInteger('started_at').notNullable();
    table.integer('duration_ms').notNullable();
    table.string('outcome', 16).notNullable();
    table.integer('status_code').nullable();
    table.string('error_code', 100).nullable();
    table.string('reason', 500).notNullable();
    table.text('request_headers', 'longtext').notNullable();
    /** Null: the body was the event's own bytes, which the event log has. */
    table.text('request_body', 'longtext').nullable();
    table.text('response_headers', 'longtext').notNullable();
    table.text('response_body', 'longtext').notNullable();
    table.boolean('response_truncated').notNullable();
    table.index(['delivery_ref', 'number'], 'newswire_attempts_delivery');
  });
}
