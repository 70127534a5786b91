import type { Knex } from 'knex';
import { dialectOf } from '../database';
import { STATE, TABLES } from '../tables';
import { createTable, partialIndex } from './schema';

export const name = '006-deadlines-and-traces';

/** Deadlines of deliveries with what was counted of them; the trace that an event belongs to; dead letters by subscription. */
export async function up(trx: Knex): Promise<void> {
  await trx.schema.alterTable(TABLES.events, (table) => {
    /** W3C Trace Context of the request that made the change. */
    table.string('traceparent', 55).nullable();
    table.string('tracestate', 512).nullable();
  });
  await trx.schema.alterTable(TABLES.deliveries, (table) => {
    /** By when its event's definition promises it; null where nothing is promised. */
    table.bigInteger('sla_due_at').nullable();
  });
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_sla',
    columns: ['sla_due_at'],
    where: 'sla_due_at is not null',
    mysqlLead: [],
  });
  // MySQL counts them along newswire_deliveries_sendable, which is not partial there.
  if (dialectOf(trx) !== 'mysql') {
    await partialIndex(trx, {
      table: TABLES.deliveries,
      name: 'newswire_deliveries_dead',
      columns: ['subscription_id'],
      where: "status = 'dead'",
      mysqlLead: [],
    });
  }
  await createTable(trx, TABLES.slaCounts, (table) => {
    table.string('event_type', 200).notNullable();
    /** Where a span of the window begins: see domain/sla.ts. */
    table.bigInteger('span_start').notNullable();
    table.bigInteger('kept').notNullable();
    table.bigInteger('missed').notNullable();
    table.primary(['event_type', 'span_start']);
  });
  /** Definitions that do not keep their promise at present: a row each. */
  await createTable(trx, TABLES.slaBreaches, (table) => {
    table.string('event_type', 200).primary();
    table.bigInteger('since').notNullable();
  });
  await trx(TABLES.state).insert({ name: STATE.slaCountedUntil, value: 0 });
}
