import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { numberEvents } from '../../../server/src/store/number-events';
import { lockSequence } from '../../../server/src/store/sequence-events';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { waitFor } from '../../support/wait-for';
import { addEventsCounted } from '../factory/facts';
import { useLog } from '../factory/log';

/** Whoever holds it, the table of states cannot be read by others (see {@link withDoor}). */
const DOOR = 4_711;

describeOnEachDatabase(
  "The sequencer's lock",
  (dialect) => {
    const log = useLog(dialect);

    it('never tells events as new that were given numbers after its statement had begun', async () => {
      const [other] = log.processes(1);
      await addEventsCounted(log.db, 3);

      await withDoor(log.db, async () => {
        const first = await log.db.transaction();
        await first.raw('select pg_advisory_xact_lock(?)', [DOOR]);
        // Sees the log as it is now, and then waits in the middle of its statement.
        const late = other!.transaction((trx) => lockSequence(trx, 10));
        await waitFor(async () => (await waiting(log.db)) === 1);
        const held = await lockSequence(first, 2);
        const ids = held!.events.map(({ id }) => id);
        await numberEvents(first, {
          ids,
          first: 1,
          released: ids,
          firstRelease: 1,
          deliveries: [],
          now: new Date(),
        });
        await first.commit();

        const seen = await late;
        expect(seen?.last).toBe(2);
        expect(seen?.events.map(({ id }) => id)).toEqual([ids[1]! + 1]);
      });
    });
  },
  ['postgres'],
);

/** Reads of the state go through a view meanwhile, which opens to one transaction at a time, or to all that hold nothing. */
async function withDoor(db: Knex, work: () => Promise<void>): Promise<void> {
  await db.raw('alter table ?? rename to behind_the_door', [TABLES.state]);
  await db.raw(
    `create view ?? as select * from behind_the_door where pg_advisory_xact_lock_shared(${DOOR})::text = ''`,
    [TABLES.state],
  );
  try {
    await work();
  } finally {
    await db.raw('drop view ??', [TABLES.state]);
    await db.raw('alter table behind_the_door rename to ??', [TABLES.state]);
  }
}

async function waiting(db: Knex): Promise<number> {
  const rows: unknown[] = await db('pg_locks').where({
    locktype: 'advisory',
    objid: DOOR,
    granted: false,
  });
  return rows.length;
}
