import type { Knex } from 'knex';
import { dialectOf } from '../database';
import { STATE, TABLES } from '../tables';

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
  await createIndex(trx, {
    name: 'newswire_deliveries_sla',
    columns: ['sla_due_at'],
    where: 'sla_due_at is not null',
    mysqlLead: [],
  });
  await createIndex(trx, {
    name: 'newswire_deliveries_dead',
    columns: ['subscription_id'],
    where: "status = 'dead'",
    mysqlLead: ['status'],
  });
  await trx.schema.createTable(TABLES.slaCounts, (table) => {
    describeMysql(trx, table);
    table.string('event_type', 200).notNullable();
    /** Where a span of the window begins: see domain/sla.ts. */
    table.bigInteger('span_start').notNullable();
    table.bigInteger('kept').notNullable();
    table.bigInteger('missed').notNullable();
    table.primary(['event_type', 'span_start']);
  });
  /** Definitions that do not keep their promise at present: a row each. */
  await trx.schema.createTable(TABLES.slaBreaches, (table) => {
    describeMysql(trx, table);
    table.string('event_type', 200).primary();
    table.bigInteger('since').notNullable();
  });
  await trx(TABLES.state).insert({ name: STATE.slaCountedUntil, value: 0 });
}

/** On deliveries: a partial index where the database has them; on MySQL leading columns do the same. */
async function createIndex(
  trx: Knex,
  index: { name: string; columns: string[]; where: string; mysqlLead: string[] },
): Promise<void> {
  if (dialectOf(trx) === 'mysql') {
    await trx.schema.alterTable(TABLES.deliveries, (table) => {
      table.index([...index.mysqlLead, ...index.columns], index.name);
    });
    return;
  }
  const columns = index.columns.map(() => '??').join(', ');
  const bindings = [index.name, TABLES.deliveries, ...index.columns];
  await trx.raw(`create index ?? on ?? (${columns}) where ${index.where}`, bindings);
}

function describeMysql(trx: Knex, table: Knex.CreateTableBuilder): void {
  if (dialectOf(trx) === 'mysql') {
    table.charset('utf8mb4');
    table.engine('InnoDB');
  }
}
