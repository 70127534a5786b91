import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Random } from '../database/factory/random';
import { describeOnEachDatabase } from '../support/databases';
import type { StrapiProcess } from '../support/strapi-process';
import { waitFor } from '../support/wait-for';
import { ALL_DESKS } from './desks';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';
import { chance, either, FULL } from './run';

const WORKERS = 3;
const EDITORS = 4;
const KILLS = either(2, 8);
const EDITS_PER_KILL = either(20, 40);

describeOnEachDatabase(
  'kill -9 of one worker among three',
  (dialect) => {
    let newsroom: Newsroom;
    let random: Random;
    const workers: StrapiProcess[] = [];

    beforeAll(async () => {
      random = chance(`three workers, ${dialect}`);
      // What the editors use only writes: what is numbered and delivered is the workers' doing.
      const options = { role: 'producer' };
      newsroom = await openNewsroom(dialect, { desks: ALL_DESKS, random, options });
      // One after the other: each looks whether the database is up to date.
      while (workers.length < WORKERS) workers.push(await newsroom.another({ role: 'worker' }));
    });
    afterAll(() => newsroom?.close());

    it('has its deliveries taken over by the others, and loses nothing', async () => {
      const { editors, receiver, db } = newsroom;
      receiver.answerBy((_request, count) => ({
        status: count % 11 === 0 ? 503 : 204,
        delay: 20 + (count % 200),
      }));
      let working = true;
      const work = Array.from({ length: EDITORS }, () => editors.work(() => working));
      let taken = 0;
      try {
        for (let kill = 1; kill <= KILLS; kill += 1) {
          const edits = kill * EDITS_PER_KILL;
          await waitFor(() => editors.confirmed >= edits, 60_000, `${edits} edits`);
          await sleep(random.below(200));
          const [victim] = workers.splice(random.below(WORKERS), 1);
          if (!victim) throw new Error('There is no worker left to kill');
          await newsroom.end(victim, 'kill');
          taken += await othersTakeOver();
          // The next one comes, as whoever supervises them sees to it.
          if (kill < KILLS) workers.push(await newsroom.another({ role: 'worker' }));
        }
      } finally {
        working = false;
        await Promise.all(work);
      }

      await allDelivered(newsroom);
      for (const worker of workers) expect(await newsroom.end(worker, 'stop')).toBe(0);
      expect(await newsroom.stop()).toBe(0);
      const { events, deliveries } = await newsroom.ledger(`${KILLS} of ${WORKERS} workers killed`);
      expect(events).toHaveLength(editors.confirmed);
      expect(deliveries.filter(({ status }) => status === 'dead')).toEqual([]);
      console.log(`leases that the others took over from the killed (${dialect}): ${taken}`);

      /** Waits until nothing is leased any more to who has just died; says how much there was. */
      async function othersTakeOver(): Promise<number> {
        const held = () =>
          db('newswire_deliveries').where({ status: 'sending' }).select('id', 'lease_token');
        const now = (await held()) as { id: unknown; lease_token: string }[];
        const before = new Map(now.map((row) => [row.lease_token, row.id]));
        await waitFor(
          async () =>
            ((await held()) as { lease_token: string }[]).every(
              (row) => !before.has(row.lease_token),
            ),
          30_000,
          'the leases of the killed worker to be taken over',
        );
        return before.size;
      }
    });
  },
  FULL ? ['postgres', 'mysql'] : ['postgres'],
);
