import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases';
import { waitFor } from '../support/wait-for';
import { expectBalanced, expectContentEqualsEvents, readLedger } from './ledger';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';

const SAVES = 40;
const EDITORS = 4;

describeOnEachDatabase(
  'Cutting all connections to the database',
  (dialect) => {
    let newsroom: Newsroom;

    beforeAll(async () => {
      newsroom = await openNewsroom(dialect);
    });
    afterAll(() => newsroom.close());

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
      const subscription = `/newswire/subscriptions/${newsroom.subscription.id}`;
      const admin = await newsroom.admin();
      expect((await admin.post(`${subscription}/pause`, {})).status).toBe(200);
      for (let saved = 0; saved < SAVES; saved += 1) expect(await newsroom.save()).toBe(true);
      expect((await admin.post(`${subscription}/resume`, {})).status).toBe(200);

      while (receiver.requests.length < 3 * SAVES) {
        await sleep(50 + Math.random() * 200);
        await cut();
      }
      // The next question would meet a connection that the last cut has ended.
      await sleep(300);
      await allDelivered(newsroom);
      expect(await newsroom.stop(), app.output()).toBe(0);

      const ledger = await readLedger(newsroom.db);
      expect(ledger.content).toHaveLength(SAVES);
      expectBalanced(ledger, newsroom);
    });

    it('in the middle of saves leaves content and events that agree', async () => {
      const { receiver } = newsroom;
      receiver.answer(204);
      let confirmed = (await readLedger(newsroom.db)).content.length;
      for (let round = 0; round < 2; round += 1) {
        await newsroom.admin();
        let working = true;
        const edit = async () => {
          // A save whose connection is cut fails. Strapi itself may end for it (an unhandled rejection).
          while (working) if (await newsroom.save().catch(() => false)) confirmed += 1;
        };
        const editors = Array.from({ length: EDITORS }, edit);
        const saves = confirmed + 5;
        await waitFor(() => confirmed >= saves, 20_000, `${saves} saves`);
        await sleep(Math.random() * 50);
        await cut();
        await sleep(100);
        working = false;
        await Promise.all(editors);
        // As who supervises it would, whether it has ended or not.
        await newsroom.kill();

        const ledger = await readLedger(newsroom.db);
        expectContentEqualsEvents(ledger);
        expect(ledger.content.length).toBeGreaterThanOrEqual(confirmed);
      }

      await newsroom.running();
      await allDelivered(newsroom);
      expect(await newsroom.stop()).toBe(0);
      expectBalanced(await readLedger(newsroom.db), newsroom);
    });
  },
  ['postgres'],
);
