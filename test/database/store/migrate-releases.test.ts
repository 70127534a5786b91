import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../../server/src/store/migrate';
import { readReleased } from '../../../server/src/store/read-released';
import { STATE, TABLES } from '../../../server/src/store/tables';
import { createTestDatabase, describeOnEachDatabase } from '../../support/databases';
import type { TestDatabase } from '../../support/databases';
import { migrateBefore } from './migrate-before';

const NAME = '009-partners-and-feeds';

describeOnEachDatabase('Migrating a log to release numbers', (dialect) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase(dialect);
  });
  afterEach(() => database.drop());

  it('releases what has its number, in the same order, and nothing else', async () => {
    const db = database.knex();
    const later = await migrateBefore(db, NAME);
    const old = (index: number, row: Record<string, unknown>) => ({
      event_id: `event-${index}`,
      event_type: 'entry.updated',
      schema_version: '1.0.0',
      status: 'sequenced',
      sequence_number: index,
      produced_at: 1_000 + index,
      subject_type: 'api::title.title',
      subject_id: `s${index}`,
      actor_type: 'system',
      occurred_at: 1,
      changed: '[]',
      body: '}',
      ...row,
    });
    const without = { sequence_number: null, produced_at: null };
    await db(TABLES.events).insert([
      old(1, {}),
      old(2, {}),
      old(3, { status: 'invalid', ...without }),
      old(4, { status: 'unsequenced', ...without }),
    ]);
    await db(TABLES.state).where({ name: STATE.sequence }).update({ value: 2 });

    expect(await migrate(db)).toEqual(later);

    const rows = await db(TABLES.events)
      .orderBy('id')
      .select<Record<string, unknown>[]>('release_number', 'released_at');
    const asNumber = (value: unknown) => (value === null ? null : Number(value));
    expect(rows.map((row) => Object.values(row).map(asNumber))).toEqual([
      [1, 1_001],
      [2, 1_002],
      [null, null],
      [null, null],
    ]);
    expect(await readReleased(db)).toBe(2);
  });
});
