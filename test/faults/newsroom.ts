import { expect } from 'vitest';
import type { Knex } from 'knex';
import type { Delivery, DeliveryDetail } from '../../server/src/contracts/delivery';
import type {
  CreatedSubscription,
  CreateSubscription,
} from '../../server/src/contracts/subscription';
import type { Dialect } from '../../server/src/store/database';
import { seededRandom, type Random } from '../database/factory/random';
import type { Options } from '../support/application';
import { createTestDatabase, type TestDatabase } from '../support/databases';
import type { HttpClient, Reply } from '../support/http-client';
import { startReceiver, type Receiver } from '../support/receiver';
import { startStrapiProcess, type StrapiProcess } from '../support/strapi-process';
import { waitFor } from '../support/wait-for';
import type { Books } from './books';
import { CONTRACTS, type Desk } from './desks';
import { Editors } from './edits';
import { closeLedger, expectContentEqualsEvents } from './ledger';

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
  // One event for each edit, so that the ledger can be closed by counting edits.
  presets: ['generic'],
  delivery: { leaseSeconds: dialect === 'sqlite' ? 600 : 2, pollSeconds: 0.2 },
  sequencer: { pollSeconds: 0.2 },
});

export interface NewsroomInput {
  desks?: Desk[];
  /** Whatever is left to chance: who edits what. */
  random?: Random;
  /** A database of one's own, dropped with the newsroom. */
  database?: TestDatabase;
  /** Of every process. */
  options?: Options;
  /** Environment of every process, e.g. NODE_OPTIONS. */
  env?: Record<string, string>;
}

/** A Strapi with content, the desks that subscribe to it, and the receiver of their webhooks. */
export interface Newsroom {
  receiver: Receiver;
  editors: Editors;
  /** The process that editors use; started when it does not run. */
  running(options?: Options): Promise<StrapiProcess>;
  /** Another process on the same database; it is ended with `end`. */
  another(options: Options): Promise<StrapiProcess>;
  /** Ends such a process by its own `kill` or `stop`; resolves with the exit code of one that was stopped. */
  end(app: StrapiProcess, how: 'kill' | 'stop'): Promise<number | null | void>;
  admin(): Promise<HttpClient>;
  /** The deliveries, newest first. */
  deliveries(query?: string): Promise<Delivery[]>;
  delivery(id: string): Promise<DeliveryDetail>;
  /** `kill -9` of the process that editors use. */
  kill(): Promise<void>;
  /** SIGTERM to it; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** The database from outside. On SQLite only while no process runs. */
  db: Knex;
  /** Connections of one's own to it. */
  pool(max: number): Knex;
  desks: (Desk & { subscription: CreatedSubscription })[];
  /** Invariant 1 alone; only while no process runs. */
  contentEqualsEvents(): Promise<Books>;
  /** Ends a run: see closeLedger. */
  close(): Promise<void>;
  ledger(name: string): Promise<Books>;
}

/** Opens a newsroom on an empty database; whoever opens one closes it. */
export async function openNewsroom(dialect: Dialect, input: NewsroomInput = {}): Promise<Newsroom> {
  const database = input.database ?? (await createTestDatabase(dialect));
  const receiver = await startReceiver();
  const db = database.knex();
  const processes = new Set<StrapiProcess>();
  // Promises: several editors may ask at once for what is only being started.
  let app: Promise<StrapiProcess> | undefined;
  let client: Promise<HttpClient> | undefined;

  const another = async (options: Options = {}) => {
    const merged = { ...patience(dialect), ...input.options, ...options };
    const { env } = input;
    const started = await startStrapiProcess({ database, options: merged, ...(env && { env }) });
    processes.add(started);
    return started;
  };
  const running = (options: Options = {}) => (app ??= another(options));
  const admin = () => {
    client ??= running()
      .then((one) => one.admin())
      .catch((error: unknown) => {
        client = undefined;
        throw error;
      });
    return client;
  };
  const endMain = async (how: 'kill' | 'stop') => {
    const ending = app;
    app = undefined;
    client = undefined;
    return ending ? end(await ending, how) : null;
  };
  const end = async (ending: StrapiProcess, how: 'kill' | 'stop') => {
    const result = await ending[how]();
    processes.delete(ending);
    return result;
  };
  const close = async () => {
    await Promise.all([...processes].map((one) => one.kill()));
    await receiver.close();
    await database.drop();
  };

  const editors = new Editors(admin, input.random ?? seededRandom(1));
  const desks: Newsroom['desks'] = [];
  try {
    const { anonymous } = await running();
    const registered = await anonymous.post('/admin/register-admin', ACCOUNT);
    expect(registered.status, JSON.stringify(registered.body)).toBe(200);
    for (const [index, desk] of (input.desks ?? [CONTRACTS]).entries()) {
      const path = '/newswire/subscriptions';
      const created = await (
        await admin()
      ).post<{ data: CreatedSubscription }>(path, {
        ...desk.settings,
        name: desk.name,
        destination: { ...desk.settings.destination, url: receiver.url(`/desk/${index}`) },
      } satisfies CreateSubscription);
      expect(created.status, JSON.stringify(created.body)).toBe(201);
      desks.push({ ...desk, subscription: created.body.data });
    }
  } catch (error) {
    await close();
    throw error;
  }

  const get = async <Data>(path: string) =>
    dataOf(await (await admin()).get<{ data: Data }>(`/newswire/deliveries${path}`));
  return {
    receiver,
    editors,
    running,
    another,
    end,
    admin,
    deliveries: (query = '') => get<Delivery[]>(`?limit=200${query}`),
    delivery: (id) => get<DeliveryDetail>(`/${id}`),
    kill: async () => void (await endMain('kill')),
    stop: async () => (await endMain('stop')) ?? null,
    db,
    pool: (max) => database.knex({ min: 0, max }),
    desks,
    contentEqualsEvents: () => expectContentEqualsEvents({ db, edits: editors.edits }),
    ledger: (name) =>
      closeLedger({
        name: `${name}, ${dialect}`,
        db,
        desks,
        edits: editors.edits,
        requests: receiver.requests,
        running: processes.size,
      }),
    close,
  };
}

/** Resolves when nothing is owed to anybody any more. */
export async function allDelivered(newsroom: Newsroom, timeout = 60_000): Promise<void> {
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
