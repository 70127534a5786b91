import type { Knex } from 'knex';
import { dialectOf } from '../database';
import { TABLES } from '../tables';
import { createTable } from './schema';

export const name = '007-leases-of-claims';

/** Statuses of deliveries that a person looks for, besides those that are still owed. */
const TROUBLED = "status in ('dead', 'superseded', 'cancelled', 'awaiting_callback')";

/**
 * One lease for all that is claimed at once, instead of three columns and an index entry for each delivery: a heartbeat
 * writes a few rows, and on PostgreSQL a claim touches no index (docs/decisions/017).
 */
export async function up(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.leases, (table) => {
    /** As in `lease_token` of the deliveries. */
    table.string('token', 36).primary();
    table.bigInteger('expires_at').notNullable();
    /** JSON list of the deliveries' row ids. */
    table.text('delivery_ids', 'longtext').notNullable();
  });
  await trx(TABLES.deliveries)
    .where({ status: 'sending' })
    .update({ status: 'waiting', lease_token: null });
  await trx.schema.alterTable(TABLES.deliveries, (table) => {
    table.dropIndex(
      dialectOf(trx) === 'mysql' ? ['status', 'lease_until'] : ['lease_until'],
      'newswire_deliveries_leased',
    );
  });
  // Not by knex, which copies the whole table on SQLite.
  for (const column of ['lease_owner', 'lease_until']) {
    await trx.raw('alter table ?? drop column ??', [TABLES.deliveries, column]);
  }
  if (dialectOf(trx) === 'postgres') {
    await letClaimsBeHot(trx);
  }
}

/**
 * PostgreSQL updates a row without touching any index (a HOT update) when no column that an index or its condition names has
 * changed, and its page has room for the new version. So no condition names the status, which a claim changes; and half
 * of each page is left empty, because a claim takes whole pages of deliveries at once.
 */
async function letClaimsBeHot(trx: Knex): Promise<void> {
  const { deliveries } = TABLES;
  await trx.raw('alter table ?? set (fillfactor = 50)', [deliveries]);
  await trx.raw(
    `alter table ?? add column trouble varchar(20) generated always as (case when ${TROUBLED} then status end) stored`,
    [deliveries],
  );
  for (const index of ['sendable', 'coalesce', 'troubled', 'dead']) {
    await trx.raw('drop index ??', [`newswire_deliveries_${index}`]);
  }
  const create = (index: string, definition: string) =>
    trx.raw(`create index ?? on ?? ${definition}`, [`newswire_deliveries_${index}`, deliveries]);
  await create('sendable', '(subscription_id, due_at, id) where settled = false');
  await create(
    'coalesce',
    '(subscription_id, coalesce_key) where settled = false and coalesce_key is not null',
  );
  await create('troubled', '(trouble, id) where trouble is not null');
  await create('dead', "(subscription_id) where trouble = 'dead'");
}
