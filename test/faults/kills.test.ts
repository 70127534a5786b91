import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Random } from '../database/factory/random';
import { describeOnEachDatabase } from '../support/databases';
import { waitFor } from '../support/wait-for';
import { ALL_DESKS } from './desks';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';
import { chance, either, FULL } from './run';

const EDITORS = 6;
const KILLS = either(3, 20);
const EDITS = either(75, 500);
/** A kill comes so many milliseconds after the last save of its round, at the most. */
const MILLISECONDS_BEFORE_KILL = 150;
const ALL_DATABASES = ['sqlite', 'postgres', 'mysql'] as const;

describeOnEachDatabase(
  'kill -9',
  (dialect) => {
    let newsroom: Newsroom;
    let random: Random;

    beforeAll(async () => {
      random = chance(`kill -9, ${dialect}`);
      newsroom = await openNewsroom(dialect, { desks: ALL_DESKS, random });
    });
    afterAll(() => newsroom?.close());

    it(`in the middle of saves and deliveries, ${KILLS} times in ${EDITS} edits, loses nothing`, async () => {
      const { editors, receiver } = newsroom;
      // Slow enough that there is always something under way, and to be tried again.
      receiver.answerBy((_request, count) => ({
        status: count % 9 === 0 ? 503 : 204,
        delay: count % 40,
      }));
      for (let round = 1; round <= KILLS; round += 1) {
        await newsroom.admin();
        let killed = false;
        const work = Array.from({ length: EDITORS }, () => editors.work(() => !killed));
        // Rounds of different length, which come to all the edits together.
        const share = Math.floor((EDITS * round) / KILLS) - random.below(10);
        await waitFor(() => editors.confirmed >= share, 60_000, `${share} edits`);
        await sleep(random.below(MILLISECONDS_BEFORE_KILL));
        killed = true;
        await newsroom.kill();
        await Promise.all(work);

        await newsroom.contentEqualsEvents();
      }

      await newsroom.running();
      await allDelivered(newsroom);
      expect(await newsroom.stop()).toBe(0);
      const { events } = await newsroom.ledger(`${KILLS} kills`);
      expect(events.length).toBeGreaterThanOrEqual(editors.confirmed);
      expect(events.length).toBeLessThanOrEqual(editors.confirmed + KILLS * EDITORS);
    });
  },
  FULL ? ALL_DATABASES : ['sqlite', 'postgres'],
);
