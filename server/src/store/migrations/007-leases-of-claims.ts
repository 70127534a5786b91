import type { Knex } from 'knex';
import { dialectOf } from '../database';
import { orderHash } from '../order-hash';
import { TABLES } from '../tables';
import { createTable, partialIndex } from './schema';

export const name = '007-leases-of-claims';

/** Statuses of deliveries that a person looks for, besides those that are still owed. */
const TROUBLED = "status in ('dead', 'superseded', 'cancelled', 'awaiting_callback')";

/** Deliveries given their order hash in one round. */
const CHUNK = 500;

/**
 * One lease for all that is claimed at once, instead of three columns and an index entry for each delivery; indexes that a
 * claim does not change; and order by a number instead of a text (docs/decisions/017).
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
    /** Of the subscription and its order key: see store/order-hash.ts. */
    table.bigInteger('order_hash').nullable();
  });
  await hashOrderKeys(trx);
  await replaceIndexes(trx);
  // Not by knex, which copies the whole table on SQLite.
  for (const column of ['lease_owner', 'lease_until', 'order_key']) {
    await trx.raw('alter table ?? drop column ??', [TABLES.deliveries, column]);
  }
  if (dialectOf(trx) === 'postgres') {
    await letClaimsBeHot(trx);
  }
}

/** Of what is owed, and of dead letters, which a person may have sent again. */
async function hashOrderKeys(trx: Knex): Promise<void> {
  for (let after = 0; ;) {
    const rows: { id: unknown; subscription_id: string; order_key: string }[] = await trx(
      TABLES.deliveries,
    )
      .where('id', '>', after)
      .whereNotNull('order_key')
      .where((unsettled) => unsettled.where({ settled: false }).orWhere({ status: 'dead' }))
      .orderBy('id')
      .limit(CHUNK)
      .select('id', 'subscription_id', 'order_key');
    for (const row of rows) {
      await trx(TABLES.deliveries)
        .where({ id: row.id })
        .update({ order_hash: orderHash(row.subscription_id, row.order_key) });
    }
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last.id);
  }
}

async function replaceIndexes(trx: Knex): Promise<void> {
  for (const index of ['leased', 'order', 'sendable', 'coalesce']) {
    const full = `newswire_deliveries_${index}`;
    await (dialectOf(trx) === 'mysql'
      ? trx.raw('drop index ?? on ??', [full, TABLES.deliveries])
      : trx.raw('drop index ??', [full]));
  }
  const owed = (index: string, columns: string[], and = '') =>
    partialIndex(trx, {
      table: TABLES.deliveries,
      name: `newswire_deliveries_${index}`,
      columns,
      where: `settled = false${and}`,
      mysqlLead: ['settled'],
    });
  await (dialectOf(trx) === 'postgres'
    ? trx.raw(
        'create index newswire_deliveries_order on ?? (order_hash, id) where settled::integer = 0',
        [TABLES.deliveries],
      )
    : owed('order', ['order_hash', 'id']));
  await owed('sendable', ['subscription_id', 'due_at', 'id']);
  await owed('coalesce', ['subscription_id', 'coalesce_key'], ' and coalesce_key is not null');
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
  await trx.raw('drop index newswire_deliveries_troubled, newswire_deliveries_dead');
  const create = (index: string, definition: string) =>
    trx.raw(`create index ?? on ?? ${definition}`, [`newswire_deliveries_${index}`, deliveries]);
  await create('troubled', '(trouble, id) where trouble is not null');
  await create('dead', "(subscription_id) where trouble = 'dead'");
}
