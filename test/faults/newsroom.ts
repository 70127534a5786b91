import type { Knex } from 'knex';
import { expect } from 'vitest';
import type { Delivery, DeliveryDetail } from '../../server/src/contracts/delivery';
import type {
  CreatedSubscription,
  CreateSubscription,
} from '../../server/src/contracts/subscription';
import type { Dialect } from '../../server/src/store/database';
import type { Options } from '../support/application';
import { createTestDatabase, type TestDatabase } from '../support/databases';
import type { HttpClient, Reply } from '../support/http-client';
import { startReceiver, type Receiver } from '../support/receiver';
import { startStrapiProcess, type StrapiProcess } from '../support/strapi-process';
import { waitFor } from '../support/wait-for';

/**
 * Without a unique attribute: Strapi's own check of one ends the process with an unhandled rejection when the database
 * fails during it (entity-validator/validators.js).
 */
export const ASSIGNMENT = {
  uid: 'api::role-assignment.role-assignment',
  table: 'role_assignments',
};
const ASSIGNMENTS = `/content-manager/collection-types/${ASSIGNMENT.uid}`;

/** The account that `StrapiProcess.admin` logs in with. */
const ACCOUNT = {
  email: 'admin@example.com',
  password: 'Newswire1!',
  firstname: 'Angela',
  lastname: 'Jain',
};

/**
 * Quick to notice a dead process, and quick to look again. On SQLite a process knows that it is alone, and takes back
 * at its start what another has left: it need not wait for a lease.
 */
const patience = (dialect: Dialect): Options => ({
  delivery: { leaseSeconds: dialect === 'sqlite' ? 600 : 2, pollSeconds: 0.2 },
  sequencer: { pollSeconds: 0.2 },
});

/** A Strapi with content, one subscription to what is created, and the receiver of its webhooks. */
export interface Newsroom {
  database: TestDatabase;
  receiver: Receiver;
  /** The process that runs now; started when none does. */
  running(options?: Options): Promise<StrapiProcess>;
  admin(): Promise<HttpClient>;
  /** Saves a new role assignment, as an editor does; true when the save was confirmed. */
  save(): Promise<boolean>;
  /** The deliveries of the subscription, newest first. */
  deliveries(query?: string): Promise<Delivery[]>;
  delivery(id: string): Promise<DeliveryDetail>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** The database from outside. On SQLite only while no process runs. */
  db: Knex;
  subscription: CreatedSubscription;
  close(): Promise<void>;
}

/** Opens a newsroom on an empty database; whoever opens one closes it. */
export async function openNewsroom(dialect: Dialect): Promise<Newsroom> {
  const database = await createTestDatabase(dialect);
  const receiver = await startReceiver();
  const db = database.knex();
  let app: StrapiProcess | undefined;
  let client: HttpClient | undefined;
  let saved = 0;

  const running = async (options: Options = {}) => {
    app ??= await startStrapiProcess({
      database,
      options: { ...patience(dialect), ...options },
    });
    return app;
  };
  const admin = async () => (client ??= await (await running()).admin());
  const ended = () => {
    const ending = app;
    app = undefined;
    client = undefined;
    return ending;
  };

  const { anonymous } = await running();
  const registered = await anonymous.post('/admin/register-admin', ACCOUNT);
  expect(registered.status, JSON.stringify(registered.body)).toBe(200);
  const created = await (
    await admin()
  ).post<{ data: CreatedSubscription }>('/newswire/subscriptions', {
    name: 'Contracts desk',
    destination: { url: receiver.url() },
    event_types: ['entry.created'],
    delivery: { retry: [0, 1, 1, 1, 1, 1] },
  } satisfies CreateSubscription);
  expect(created.status, JSON.stringify(created.body)).toBe(201);

  const newsroom: Newsroom = {
    database,
    receiver,
    running,
    admin,
    db,
    subscription: created.body.data,
    save: async () => {
      saved += 1;
      const assignment = { label: `Assignment ${saved}`, role: 'editor', start_date: '2026-01-15' };
      const reply = await (await admin()).post(ASSIGNMENTS, assignment);
      return reply.status === 201;
    },
    deliveries: async (query = '') => {
      const path = `/newswire/deliveries?limit=200${query}`;
      return dataOf(await (await admin()).get<{ data: Delivery[] }>(path));
    },
    delivery: async (id) => {
      const path = `/newswire/deliveries/${id}`;
      return dataOf(await (await admin()).get<{ data: DeliveryDetail }>(path));
    },
    kill: async () => ended()?.kill(),
    stop: async () => (await ended()?.stop()) ?? null,
    close: async () => {
      await ended()?.kill();
      await receiver.close();
      await database.drop();
    },
  };
  return newsroom;
}

/** Resolves when all that the subscription is owed is delivered. */
export async function allDelivered(newsroom: Newsroom, timeout = 20_000): Promise<void> {
  await waitFor(
    async () => {
      const client = await newsroom.admin();
      const { backlog, unsequenced } = dataOf(await client.get<{ data: Owed }>('/newswire/status'));
      return backlog === 0 && unsequenced === 0;
    },
    timeout,
    'an empty backlog',
  );
}

function dataOf<Data>({ status, body }: Reply<{ data: Data }>): Data {
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
}

interface Owed {
  backlog: number;
  unsequenced: number;
}
