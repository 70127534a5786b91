import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import type { Options } from '../support/application';
import { createTestDatabase, describeOnEachDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import type { Receiver } from '../support/receiver';
import { ADMIN } from '../support/strapi';
import { startStrapiProcess } from '../support/strapi-process';
import type { StrapiProcess } from '../support/strapi-process';

const ASSIGNMENTS = '/content-manager/collection-types/api::role-assignment.role-assignment';

/** So long that whoever is not woken is found out. */
const POLL_SECONDS = 30;
/** Far below it, and enough for a busy machine. */
const SOON_MS = 3_000;

const pollEvery = (pollSeconds: number): Options => ({
  sequencer: { pollSeconds },
  delivery: { pollSeconds },
});

const saved = async (client: HttpClient, label: string) => {
  const assignment = { label, role: 'editor', start_date: '2026-01-15' };
  const reply = await client.post(ASSIGNMENTS, assignment);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
};

const subscribed = async (client: HttpClient, url: string) => {
  const reply = await client.post<{ data: CreatedSubscription }>('/newswire/subscriptions', {
    name: 'Desk',
    destination: { url },
    event_types: ['entry.created'],
  });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body.data;
};

/** Two starts of Strapi, on a database that is new to the first. */
const TWO_STARTS_MS = 180_000;

describeOnEachDatabase(
  'A producer and a worker on one database',
  (dialect) => {
    // MySQL has nothing that wakes another process: there the poll interval is the promise.
    const wakes = dialect === 'postgres';
    const options = pollEvery(wakes ? POLL_SECONDS : 0.5);
    let database: TestDatabase;
    let receiver: Receiver;
    let producer: StrapiProcess | undefined;
    let admin: HttpClient;

    beforeAll(async () => {
      database = await createTestDatabase(dialect);
      receiver = await startReceiver();
      producer = await startStrapiProcess({ database, options: { ...options, role: 'producer' } });
      const account = { ...ADMIN, firstname: 'Angela', lastname: 'Jain' };
      await producer.anonymous.post('/admin/register-admin', account);
      admin = await producer.admin();
    }, TWO_STARTS_MS);
    afterAll(async () => {
      await producer?.stop();
      await receiver.close();
      await database.drop();
    });

    it(
      'share the work: what one saves the other delivers, and neither waits for the other to look',
      async () => {
        const subscription = await subscribed(admin, receiver.url());
        await saved(admin, 'Before there is a worker');
        // A producer neither numbers nor delivers, even after it would have looked.
        if (!wakes) await new Promise((resolve) => setTimeout(resolve, 1_000));
        const { body } = await admin.get<{ data: object }>('/newswire/status');
        expect(body.data).toMatchObject({ unsequenced: 2, backlog: 0 });
        expect(receiver.requests).toHaveLength(0);

        const worker = await startStrapiProcess({
          database,
          options: { ...options, role: 'worker' },
        });
        try {
          await receiver.received(1, SOON_MS);
          for (let count = 2; count <= 6; count += 1) {
            await saved(admin, `Assignment ${count}`);
            await receiver.received(count, SOON_MS);
          }
          // A change made in one process is known to the other: nothing is sent while paused, and all at once after.
          await admin.post(`/newswire/subscriptions/${subscription.id}/pause`, {});
          await saved(admin, 'While paused');
          await new Promise((resolve) => setTimeout(resolve, 300));
          expect(receiver.requests).toHaveLength(6);
          await admin.post(`/newswire/subscriptions/${subscription.id}/resume`);
          await receiver.received(7, SOON_MS);
        } finally {
          expect(await worker.stop()).toBe(0);
        }
        expect(worker.output() + producer?.output()).not.toMatch(/newswire/i);
      },
      TWO_STARTS_MS,
    );
  },
  ['postgres', 'mysql'],
);
