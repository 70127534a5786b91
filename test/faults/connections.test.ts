import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases';
import { expectBalanced, expectContentEqualsEvents, readLedger } from './ledger';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';

const EDITORS = 4;
const CUTS = 8;

describeOnEachDatabase(
  'Cutting the connections to the database',
  (dialect) => {
    let newsroom: Newsroom;

    beforeAll(async () => {
      newsroom = await openNewsroom(dialect);
    });
    afterAll(() => newsroom.close());

    /** All connections to this database but the one that asks. */
    const cut = () =>
      newsroom.db.raw(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );

    it('again and again in mid-work loses nothing', async () => {
      const { receiver } = newsroom;
      const app = await newsroom.running();
      await newsroom.admin();
      // Slow enough that the connections are cut between request and result too.
      receiver.answerBy((_request, count) => ({ status: 204, delay: (count % 5) * 20 }));
      let confirmed = 0;
      let working = true;
      const editors = Array.from({ length: EDITORS }, async () => {
        while (working) {
          // A save whose connection is cut fails, as a whole.
          if (await newsroom.save()) confirmed += 1;
        }
      });
      for (let cuts = 0; cuts < CUTS; cuts += 1) {
        await sleep(100 + Math.random() * 200);
        await cut();
      }
      working = false;
      await Promise.all(editors);

      await allDelivered(newsroom);
      expect(await newsroom.stop(), app.output()).toBe(0);
      const ledger = await readLedger(newsroom.db);
      expectContentEqualsEvents(ledger);
      expect(confirmed).toBeGreaterThan(0);
      expect(ledger.content.length).toBeGreaterThanOrEqual(confirmed);
      expectBalanced(ledger, newsroom);
    });
  },
  ['postgres'],
);
