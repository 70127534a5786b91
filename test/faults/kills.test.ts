import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases';
import { waitFor } from '../support/wait-for';
import { expectBalanced, expectContentEqualsEvents, readLedger } from './ledger';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';

const EDITORS = 6;
const KILLS = 3;
/** A kill comes after so many saves of its round, at the most, and then so many milliseconds. */
const SAVES_BEFORE_KILL = 15;
const MILLISECONDS_BEFORE_KILL = 150;

describeOnEachDatabase(
  'kill -9',
  (dialect) => {
    let newsroom: Newsroom;

    beforeAll(async () => {
      newsroom = await openNewsroom(dialect);
    });
    afterAll(() => newsroom.close());

    it('in the middle of saves and deliveries leaves content and events that agree, and loses nothing', async () => {
      let confirmed = 0;
      for (let round = 1; round <= KILLS; round += 1) {
        await newsroom.admin();
        let killed = false;
        const edit = async () => {
          while (!killed) {
            // A save that the kill cuts off may have been committed or not: both are right.
            const done = await newsroom.save().catch(() => false);
            if (done) confirmed += 1;
          }
        };
        const editors = Array.from({ length: EDITORS }, edit);
        const saves = confirmed + 1 + Math.floor(Math.random() * SAVES_BEFORE_KILL);
        await waitFor(() => confirmed >= saves, 20_000, `${saves} saves`);
        await sleep(Math.random() * MILLISECONDS_BEFORE_KILL);
        killed = true;
        await newsroom.kill();
        await Promise.all(editors);

        const ledger = await readLedger(newsroom.db);
        expectContentEqualsEvents(ledger);
        expect(ledger.content.length).toBeGreaterThanOrEqual(confirmed);
        expect(ledger.content.length).toBeLessThanOrEqual(confirmed + round * EDITORS);
      }

      await newsroom.running();
      await allDelivered(newsroom);
      expect(await newsroom.stop()).toBe(0);
      expectBalanced(await readLedger(newsroom.db), newsroom);
    });
  },
  ['sqlite', 'postgres'],
);
