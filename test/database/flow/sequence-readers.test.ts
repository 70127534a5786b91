import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { insertEvents } from '../../../server/src/store/insert-events';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { addSubscription, newEvent } from '../factory/facts';
import { inTransaction, useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { seededRandom } from '../factory/random';
import { storedDeliveries } from '../factory/rows';
import { oneTo } from '../factory/series';

const WRITERS = 50;
const SAVES_PER_WRITER = 6;
const LONGEST_SAVE_MS = 15;

interface Seen {
  eventId: string;
  number: number;
}

describeOnEachDatabase(
  'Reading the log by sequence number',
  (dialect) => {
    const log = useLog(dialect);

    it('shows each event exactly once, in order, while 50 writers commit as it comes', async () => {
      const subscription = await addSubscription(log.db);
      const saves = log.database.knex({ min: 0, max: WRITERS });
      const sequencers = log.processes(2).map((db) => makeProcess(db));
      const written: string[] = [];
      let writing = true;

      const saveAll = async (seed: number) => {
        const random = seededRandom(seed);
        for (let save = 0; save < SAVES_PER_WRITER; save += 1) {
          const events = Array.from({ length: 1 + random.below(2) }, () => newEvent());
          await inTransaction(saves, async (trx) => {
            // The row is there, with its id, before the transaction commits: later than others that began later.
            await insertEvents(trx, events);
            await sleep(random.below(LONGEST_SAVE_MS));
          });
          written.push(...events.map(({ eventId }) => eventId));
        }
      };
      const writeAll = async () => {
        await Promise.all(Array.from({ length: WRITERS }, (_, seed) => saveAll(seed)));
        writing = false;
      };
      const [seen] = await Promise.all([
        readOn(log.db, () => writing),
        ...sequencers.map(async ({ sequence }) => {
          while (writing) await sequence(40);
          await sequence();
        }),
        writeAll(),
      ]);

      expect(seen.map(({ number }) => number)).toEqual(oneTo(written.length));
      expect(seen.map(({ eventId }) => eventId).sort()).toEqual([...written].sort());
      const deliveries = await storedDeliveries(log.db);
      expect(deliveries.map(({ eventId }) => eventId)).toEqual(seen.map(({ eventId }) => eventId));
      expect(deliveries.every(({ subscriptionId }) => subscriptionId === subscription)).toBe(true);
    });
  },
  ['postgres', 'mysql'],
);

/**
 * Reads on from the last number seen, page after page, as a feed's reader does.
 *
 * @throws when a page does not begin right after the one before: a number was visible before a smaller one.
 */
async function readOn(db: Knex, writing: () => boolean): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (;;) {
    const ended = !writing() && !(await isAnyUnsequenced(db));
    const cursor = seen.at(-1)?.number ?? 0;
    const rows: { eventId: string; number: unknown }[] = await db(TABLES.events)
      .where('sequence_number', '>', cursor)
      .orderBy('sequence_number')
      .limit(50)
      .select({ eventId: 'event_id', number: 'sequence_number' });
    const page = rows.map((row) => ({
      eventId: row.eventId,
      number: Number(row.number),
    }));
    expect(page.map(({ number }) => number)).toEqual(oneTo(page.length).map((n) => cursor + n));
    seen.push(...page);
    if (ended && page.length === 0) return seen;
  }
}

async function isAnyUnsequenced(db: Knex): Promise<boolean> {
  return Boolean(await db(TABLES.events).where({ status: 'unsequenced' }).first('id'));
}
