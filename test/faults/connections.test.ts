import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Random } from '../database/factory/random';
import { describeOnEachDatabase } from '../support/databases';
import { waitFor } from '../support/wait-for';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';
import { chance, either } from './run';

const SAVES = either(40, 150);
const ROUNDS = either(2, 10);
const EDITORS = 4;

describeOnEachDatabase(
  'Cutting all connections to the database',
  (dialect) => {
    let newsroom: Newsroom;
    let random: Random;

    beforeAll(async () => {
      random = chance('cut connections');
      newsroom = await openNewsroom(dialect, { random });
    });
    afterAll(() => newsroom?.close());

    const cut = () =>
      newsroom.db.raw(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );

    it('again and again in the middle of deliveries loses nothing, and ends nothing', async () => {
      const { receiver } = newsroom;
      const app = await newsroom.running();
      receiver.answerBy(({ headers }, count) => ({
        status: Number(headers['x-delivery-attempt']) < 3 ? 503 : 204,
        delay: (count % 5) * 20,
      }));
      // All the work is left for the time of the cuts.
      const subscription = `/newswire/subscriptions/${newsroom.desks[0]?.subscription.id}`;
      const admin = await newsroom.admin();
      expect((await admin.post(`${subscription}/pause`, {})).status).toBe(200);
      for (let saved = 0; saved < SAVES; saved += 1) {
        expect(await newsroom.editors.create()).toMatchObject({ confirmed: true });
      }
      expect((await admin.post(`${subscription}/resume`, {})).status).toBe(200);

      while (receiver.requests.length < 3 * SAVES) {
        await sleep(50 + random.below(200));
        await cut();
      }
      // The next question would meet a connection that the last cut has ended.
      await sleep(300);
      await allDelivered(newsroom);
      expect(await newsroom.stop(), app.output()).toBe(0);

      const { content } = await newsroom.ledger('connections cut during deliveries');
      expect(content.size).toBe(SAVES);
    });

    it('in the middle of saves leaves content and events that agree', async () => {
      const { receiver, editors } = newsroom;
      receiver.answer(204);
      for (let round = 0; round < ROUNDS; round += 1) {
        await newsroom.admin();
        let working = true;
        // A save whose connection is cut fails. Strapi itself may end for it (an unhandled rejection).
        const work = Array.from({ length: EDITORS }, () => editors.work(() => working));
        const saves = editors.confirmed + 5;
        await waitFor(() => editors.confirmed >= saves, 20_000, `${saves} saves`);
        await sleep(random.below(50));
        await cut();
        await sleep(100);
        working = false;
        await Promise.all(work);
        // As who supervises it would, whether it has ended or not.
        await newsroom.kill();
        await newsroom.contentEqualsEvents();
      }

      await newsroom.running();
      await allDelivered(newsroom);
      expect(await newsroom.stop()).toBe(0);
      await newsroom.ledger('connections cut during saves');
    });
  },
  ['postgres'],
);
