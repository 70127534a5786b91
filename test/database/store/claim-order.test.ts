import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { retryTransient } from '../../../server/src/flow/retry-transient';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { claim, settle, settlementOf } from '../factory/claims';
import { addEvents, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries } from '../factory/rows';

const BATCHES = 40;
const EVENTS_PER_BATCH = 40;
const SUBJECTS_PER_BATCH = 10;

describeOnEachDatabase(
  'Claiming in order while new events are routed',
  (dialect) => {
    const log = useLog(dialect);

    it('never begins an event of a subject before the one before it is settled', async () => {
      await addSubscription(log.db, { delivery: { order: 'per_subject' } });
      const [adder, ...workers] = log.processes(4);
      const underWay = new Map<number, number>();
      const violations: string[] = [];
      let routing = true;

      const route = async () => {
        const { sequence } = makeProcess(adder!);
        for (let batch = 0; batch < BATCHES; batch += 1) {
          const subjects = Array.from({ length: EVENTS_PER_BATCH }, (_, index) => ({
            subject: `${batch}-${index % SUBJECTS_PER_BATCH}`,
          }));
          await addEvents(adder!, subjects);
          await sequence();
        }
        routing = false;
      };

      const work = async (db: Knex) => {
        for (let idle = 0; routing || idle < 2;) {
          const claimed = await retryTransient(() => claim(db, { limit: 50 }));
          const keys = await orderKeys(db, claimed);
          for (const { id } of claimed) {
            const key = keys.get(id)!;
            const before = underWay.get(key);
            if (before !== undefined) violations.push(`${key}: ${id} beside ${before}`);
            underWay.set(key, id);
          }
          for (const { id } of claimed) underWay.delete(keys.get(id)!);
          await retryTransient(() =>
            settle(
              db,
              claimed.map((delivery) => settlementOf(delivery)),
            ),
          );
          idle = claimed.length === 0 ? idle + 1 : 0;
        }
      };
      await Promise.all([route(), ...workers.map(work)]);

      expect(violations).toEqual([]);
      const deliveries = await storedDeliveries(log.db);
      expect(deliveries).toHaveLength(BATCHES * EVENTS_PER_BATCH);
      expect(deliveries.filter(({ status }) => status !== 'delivered')).toEqual([]);
    });
  },
  ['postgres', 'mysql'],
);

async function orderKeys(db: Knex, deliveries: { id: number }[]): Promise<Map<number, number>> {
  const rows: { id: unknown; order_hash: unknown }[] = await db(TABLES.deliveries)
    .whereIn(
      'id',
      deliveries.map(({ id }) => id),
    )
    .select('id', 'order_hash');
  return new Map(rows.map((row) => [Number(row.id), Number(row.order_hash)]));
}
