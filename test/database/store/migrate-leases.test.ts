import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../../server/src/store/migrate';
import { orderHash } from '../../../server/src/store/order-hash';
import { TABLES } from '../../../server/src/store/tables';
import { createTestDatabase, describeOnEachDatabase } from '../../support/databases';
import type { TestDatabase } from '../../support/databases';
import { migrateBefore } from './migrate-before';

const NAME = '007-leases-of-claims';

/** More than the migration takes in one round. */
const OWED = 1_200;

describeOnEachDatabase('Migrating deliveries to leases of claims', (dialect) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase(dialect);
  });
  afterEach(() => database.drop());

  it('frees what is being sent, and keeps the order of what is owed or dead', async () => {
    const db = database.knex();
    const later = await migrateBefore(db, NAME);
    const old = (index: number, row: Record<string, unknown>) => ({
      delivery_id: `delivery-${index}`,
      subscription_id: 'subscription',
      event_ref: index,
      event_type: 'entry.updated',
      sequence_number: index,
      subject_id: `s${index}`,
      order_key: `api::title.title:s${index}`,
      status: 'waiting',
      settled: false,
      due_at: 1,
      created_at: 1,
      ...row,
    });
    const lease = { lease_owner: 'owner', lease_token: 'token', lease_until: 5 };
    const rows = [
      old(1, { status: 'sending', ...lease }),
      old(2, { status: 'dead', settled: true, due_at: null }),
      old(3, { status: 'delivered', settled: true, due_at: null }),
      old(4, { order_key: null }),
      ...Array.from({ length: OWED }, (_, index) => old(index + 5, {})),
    ];
    for (let start = 0; start < rows.length; start += 100) {
      await db(TABLES.deliveries).insert(rows.slice(start, start + 100));
    }

    expect(await migrate(db)).toEqual(later);

    const [sending, dead, delivered, unordered, ...owed] = await readDeliveries(db);
    const hashOf = (index: number) => orderHash('subscription', `api::title.title:s${index}`);
    expect(sending).toEqual({ status: 'waiting', lease_token: null, order_hash: hashOf(1) });
    expect(dead).toEqual({ status: 'dead', lease_token: null, order_hash: hashOf(2) });
    expect(delivered).toEqual({ status: 'delivered', lease_token: null, order_hash: null });
    expect(unordered).toEqual({ status: 'waiting', lease_token: null, order_hash: null });
    expect(owed.map((row) => row.order_hash)).toEqual(
      Array.from({ length: OWED }, (_, index) => hashOf(index + 5)),
    );
    expect(new Set(owed.map((row) => row.order_hash)).size).toBe(OWED);
  });

  async function readDeliveries(db: ReturnType<TestDatabase['knex']>) {
    const rows: { status: string; lease_token: string | null; order_hash: unknown }[] = await db(
      TABLES.deliveries,
    )
      .orderBy('id')
      .select('status', 'lease_token', 'order_hash');
    return rows.map((row) => ({
      ...row,
      order_hash: row.order_hash === null ? null : Number(row.order_hash),
    }));
  }
});
