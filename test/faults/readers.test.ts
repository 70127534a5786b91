import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerApproval } from '../../server/src/store/approve-event';
import { insertEvents } from '../../server/src/store/insert-events';
import { TABLES } from '../../server/src/store/tables';
import { newEvent } from '../database/factory/facts';
import { inTransaction } from '../database/factory/log';
import type { Random } from '../database/factory/random';
import { seededRandom } from '../database/factory/random';
import { describeOnEachDatabase } from '../support/databases';
import type { StrapiProcess } from '../support/strapi-process';
import { waitFor } from '../support/wait-for';
import { openFeed, type OpenFeed } from '../support/partner-feed';
import { openNewsroom, type Newsroom } from './newsroom';
import { pollOn, streamOn, type Reading } from './reading';
import { chance, either, FULL } from './run';

const WRITERS = 50;
const SAVES_PER_WRITER = either(6, 24);
const LONGEST_SAVE_MS = 60;
/** Of so many events one needs approval. */
const HELD = 5;
const LATEST_APPROVAL_MS = 1_500;
const KILLS = either(2, 6);

/** Our own events, which partners may have; those of one type need approval. */
const OPTIONS = {
  presets: ['generic'],
  overrides: {
    'entry.updated': { audience: 'partner' },
    'entry.published': { audience: 'partner', approval: true },
  },
  sequencer: { pollSeconds: 0.2 },
};

describeOnEachDatabase(
  'Readers of a feed',
  (dialect) => {
    let newsroom: Newsroom;
    let feed: OpenFeed;
    let random: Random;
    const processes: StrapiProcess[] = [];

    beforeAll(async () => {
      random = chance(`readers of a feed, ${dialect}`);
      newsroom = await openNewsroom(dialect, { random, options: OPTIONS });
      feed = await openFeed(await newsroom.admin(), { event_types: ['entry.*'] });
      processes.push(await newsroom.running(), await newsroom.another({}));
    });
    afterAll(() => newsroom?.close());

    it('see each event once and in one order, while 50 writers commit, approvals come late and processes are killed', async () => {
      const written: string[] = [];
      const held = new Map<string, { approvedAt: number | null }>();
      let working = true;
      const someProcess = () => processes[random.below(processes.length)]?.url ?? '';
      const reader = { feed, url: someProcess, working: () => working, random };
      const readings = [
        pollOn({ ...reader, wait: 0 }),
        pollOn({ ...reader, wait: 5 }),
        streamOn(reader),
      ];

      await Promise.all([...writers(), approvals(), kills()].map((work) => work));
      await waitFor(
        async () => (await released()) === written.length,
        60_000,
        'all to be released',
      );
      working = false;
      const seen = await Promise.all(readings);

      const order = await inOrder();
      expect([...order].sort()).toEqual([...written].sort());
      for (const { events, seenAt } of seen) {
        expect(events).toEqual(order);
        for (const [eventId, { approvedAt }] of held) {
          expect(seenAt.get(eventId)).toBeGreaterThanOrEqual(
            approvedAt ?? Number.POSITIVE_INFINITY,
          );
        }
      }
      report(seen);

      function writers(): Promise<void>[] {
        const saves = newsroom.pool(WRITERS);
        return Array.from({ length: WRITERS }, async (_, writer) => {
          const own = seededRandom(writer + 1);
          for (let save = 0; save < SAVES_PER_WRITER; save += 1) {
            const needsApproval = own.below(HELD) === 0;
            const event = newEvent({
              type: needsApproval ? 'entry.published' : 'entry.updated',
              needsApproval,
            });
            await inTransaction(saves, async (trx) => {
              await insertEvents(trx, [event]);
              await sleep(own.below(LONGEST_SAVE_MS));
            });
            written.push(event.eventId);
            if (needsApproval) held.set(event.eventId, { approvedAt: null });
            await sleep(own.below(LONGEST_SAVE_MS));
          }
        });
      }

      async function approvals(): Promise<void> {
        const expected = () => [...held].filter(([, { approvedAt }]) => approvedAt === null);
        let idle = 0;
        while (written.length < WRITERS * SAVES_PER_WRITER || expected().length > 0 || idle < 3) {
          const [next] = expected();
          idle = next ? 0 : idle + 1;
          await sleep(random.below(LATEST_APPROVAL_MS / 50));
          if (!next) continue;
          const [eventId, approval] = next;
          approval.approvedAt = Date.now();
          await inTransaction(newsroom.db, (trx) => answerApproval(trx, eventId, 'approved'));
        }
      }

      async function kills(): Promise<void> {
        for (let kill = 1; kill <= KILLS; kill += 1) {
          const share = Math.floor((WRITERS * SAVES_PER_WRITER * kill) / (KILLS + 1));
          await waitFor(() => written.length >= share, 60_000, `${share} events`);
          if (random.below(2) === 0) {
            await newsroom.kill();
            processes[0] = await newsroom.running();
            continue;
          }
          // Asked until another one stands in its place.
          const victim = processes[1];
          if (victim) await newsroom.end(victim, 'kill');
          processes[1] = await newsroom.another({});
        }
      }
    });

    async function released(): Promise<number> {
      const row = await newsroom
        .db(TABLES.events)
        .whereNotNull('release_number')
        .count({ count: '*' })
        .first<{ count: unknown }>();
      return Number(row?.count);
    }

    async function inOrder(): Promise<string[]> {
      const rows: { event_id: string }[] = await newsroom
        .db(TABLES.events)
        .whereNotNull('release_number')
        .orderBy('release_number')
        .select('event_id');
      return rows.map((row) => row.event_id);
    }

    function report(seen: Reading[]): void {
      const figures = seen.map(
        ({ name, requests, failures }) => `${name}: ${requests} requests, ${failures} failed`,
      );
      console.log(`${KILLS} kills, ${dialect}: ${figures.join('; ')}`);
    }
  },
  FULL ? ['postgres', 'mysql'] : ['postgres'],
);
