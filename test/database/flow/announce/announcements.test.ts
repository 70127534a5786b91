import type { Knex } from 'knex';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  Announcements,
  type AnnouncementPorts,
  type AnnouncementTimes,
} from '../../../../server/src/flow/announce/announcements';
import { TOPICS, type Topic } from '../../../../server/src/flow/announce/messages';
import type { OpenConnection } from '../../../../server/src/flow/announce/session';
import {
  openListenConnection,
  type ListenConnection,
} from '../../../../server/src/store/listen-connection';
import { createTestDatabase, describeOnEachDatabase } from '../../../support/databases';
import type { TestDatabase } from '../../../support/databases';
import { waitFor } from '../../../support/wait-for';
import { ask } from '../../factory/rows';

const CHANNEL = 'newswire';
const QUICK: Partial<AnnouncementTimes> = { firstBackoff: 20, maxBackoff: 40 };

describeOnEachDatabase(
  'Announcements to other processes',
  (dialect) => {
    let database: TestDatabase;
    let db: Knex;
    const running: Announcements[] = [];
    /** Every payload on the channel, whoever sent it. */
    let payloads: string[];
    let spy: ListenConnection;

    beforeAll(async () => {
      database = await createTestDatabase(dialect);
      db = database.knex();
    });
    afterAll(() => database.drop());
    beforeEach(async () => {
      payloads = [];
      const heard = (payload: string) => void payloads.push(payload);
      spy = await openListenConnection(db, { channel: CHANNEL, heard, ended: () => undefined });
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((one) => one.stop()));
      await spy.close();
    });

    const open: OpenConnection = (on) => openListenConnection(db, { channel: CHANNEL, ...on });

    /** A process that listens, with what it has heard and logged. */
    const process = (
      sender: string,
      change: { open?: OpenConnection; times?: Partial<AnnouncementTimes> } = {},
    ) => {
      const heard: Topic[][] = [];
      const lines: string[] = [];
      const ports: AnnouncementPorts = {
        open: change.open ?? open,
        sender,
        heard: (topics) => void heard.push([...topics]),
        log: {
          info: (message) => void lines.push(`info: ${message}`),
          warn: (message, details) =>
            void lines.push(`warn: ${message} ${JSON.stringify(details)}`),
        },
      };
      const announcements = new Announcements(ports, { ...QUICK, ...change.times });
      running.push(announcements);
      announcements.start();
      return { announcements, heard, lines };
    };
    const listening = async (...args: Parameters<typeof process>) => {
      const one = process(...args);
      await waitFor(() => one.heard.length === 1, 5_000, 'the first look');
      one.heard.length = 0;
      return one;
    };
    const listeners = () =>
      ask<{ pid: number }>(
        db,
        `select pid from pg_stat_activity where datname = current_database() and query like '%pg_notify%' and pid <> pg_backend_pid()`,
      );
    const sent = () => payloads.filter((payload) => payload.includes('topics'));

    it('are heard by the others, and passed over by who made them', async () => {
      const producer = await listening('producer');
      const worker = await listening('worker');
      producer.announcements.announce('events');
      await waitFor(() => worker.heard.length > 0);
      worker.announcements.announce('deliveries');
      await waitFor(() => producer.heard.length > 0);
      expect(worker.heard).toEqual([['events']]);
      expect(producer.heard).toEqual([['deliveries']]);
    });

    it('are many to one notification', async () => {
      const producer = await listening('producer', { times: { spacing: 50 } });
      for (let count = 0; count < 2_000; count += 1) {
        producer.announcements.announce(TOPICS[count % TOPICS.length]!);
        if (count % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await producer.announcements.stop();
      // 100 pauses of a millisecond and more: at the spacing of 50 ms a handful, and the last one.
      await waitFor(() => sent().length > 1);
      expect(sent().length).toBeLessThan(15);
      expect(
        new Set(sent().flatMap((text) => (JSON.parse(text) as { topics: Topic[] }).topics)),
      ).toEqual(new Set(TOPICS));
    });

    it('are gathered by a process that may go on announcing, and told together', async () => {
      const worker = await listening('worker', { times: { gather: 100 } });
      worker.announcements.announce('events');
      await new Promise((resolve) => setTimeout(resolve, 20));
      worker.announcements.announce('deliveries');
      await waitFor(() => sent().length > 0);
      expect(JSON.parse(sent()[0]!)).toMatchObject({ topics: ['events', 'deliveries'] });
    });

    it('go on after the connection was cut: everything is looked at once, and what was announced meanwhile is told', async () => {
      const worker = await listening('worker');
      const producer = await listening('producer');
      const before = await listeners();
      expect(before).toHaveLength(2);

      for (let round = 1; round <= 3; round += 1) {
        worker.heard.length = 0;
        producer.heard.length = 0;
        for (const { pid } of await listeners()) {
          await db.raw('select pg_terminate_backend(?)', [pid]);
        }
        producer.announcements.announce('config');
        const looksAtAll = ({ heard }: { heard: Topic[][] }) =>
          heard.some((topics) => topics.length === TOPICS.length);
        await waitFor(() => looksAtAll(worker) && looksAtAll(producer), 5_000, 'a look at all');
        // Told before the worker listened again, or after: it has looked at everything since in either case.
        await waitFor(() => sent().filter((text) => text.includes('config')).length >= round);
      }
      worker.heard.length = 0;
      producer.announcements.announce('deliveries');
      await waitFor(() => worker.heard.some(([topic]) => topic === 'deliveries'));
      expect(worker.lines).toHaveLength(6);
      expect(worker.lines[0]).toMatch(/^warn: No notifications .*terminat/);
      expect(worker.lines[1]).toBe('info: Notifications from other processes arrive again');
    });

    it('pass over what strangers say on the channel', async () => {
      const worker = await listening('worker');
      for (const payload of ['', 'hello', '{"from":7}', '{"from":"x","topics":[7]}']) {
        await spy.notify(payload);
      }
      await spy.notify('{"from":"x","topics":["events"]}');
      await waitFor(() => worker.heard.length > 0);
      expect(worker.heard).toEqual([['events']]);
      expect(worker.lines).toEqual([]);
    });

    it('take no connection from the pool', async () => {
      const narrow = database.knex({ min: 0, max: 1 });
      await listening('worker', {
        open: (on) => openListenConnection(narrow, { channel: CHANNEL, ...on }),
      });
      expect(await narrow.raw('select 1').timeout(2_000)).toBeTruthy();
    });

    it('say once that nothing comes back, as behind a pooler of transactions, and go on trying', async () => {
      let opened = 0;
      let closed = 0;
      let deaf = true;
      const worker = process('worker', {
        times: { answer: 300 },
        open: async (on) => {
          opened += 1;
          const connection = await openListenConnection(db, {
            channel: CHANNEL,
            ended: on.ended,
            heard: (payload) => (deaf ? undefined : on.heard(payload)),
          });
          return {
            ...connection,
            close: async () => {
              closed += 1;
              await connection.close();
            },
          };
        },
      });
      await waitFor(() => opened >= 3);
      expect(closed).toBeGreaterThanOrEqual(2);
      expect(worker.heard).toEqual([]);
      expect(worker.lines).toHaveLength(1);
      expect(worker.lines[0]).toMatch(/did not come back/);
      deaf = false;
      await waitFor(() => worker.heard.length > 0);
      expect(worker.lines[1]).toMatch(/arrive again/);
    });

    it('say once that LISTEN is refused, and go on trying', async () => {
      let asked = 0;
      const refused = process('worker', {
        open: async () => {
          asked += 1;
          await Promise.resolve();
          throw new Error('permission denied');
        },
      });
      await waitFor(() => asked >= 4);
      expect(refused.lines).toHaveLength(1);
      expect(refused.lines[0]).toMatch(/permission denied/);
    });

    it('give up a connection whose other end is gone without a word', async () => {
      let opened = 0;
      const worker = await listening('worker', {
        times: { answer: 300, pingEvery: 50 },
        open: async (on) => {
          opened += 1;
          const connection = await open(on);
          const dies = opened === 1;
          let told = 0;
          const notify = (payload: string) =>
            dies && (told += 1) > 1
              ? new Promise<void>(() => undefined)
              : connection.notify(payload);
          return { ...connection, notify };
        },
      });
      await waitFor(() => opened >= 2 && worker.heard.length > 0);
      expect(worker.heard).toEqual([[...TOPICS]]);
      expect(worker.lines[0]).toMatch(/does not answer/);
    });

    it('stop at once, although a connection is still being opened, and close it when it comes', async () => {
      let come: () => void = () => undefined;
      const coming = new Promise<void>((resolve) => (come = resolve));
      let closed = false;
      const worker = process('worker', {
        open: async (on) => {
          await coming;
          const connection = await open(on);
          return {
            ...connection,
            close: async () => {
              await connection.close();
              closed = true;
            },
          };
        },
      });
      await worker.announcements.stop();
      come();
      await waitFor(() => closed);
      expect(worker.heard).toEqual([]);
    });
  },
  ['postgres'],
);
