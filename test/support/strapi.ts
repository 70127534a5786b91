import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type * as StrapiModule from '@strapi/strapi';
import type { Core } from '@strapi/strapi';
import { makeApplication, REPOSITORY, type Options } from './application';
import { createTestDatabase, type TestDatabase } from './databases';
import { httpClient, type HttpClient } from './http-client';
import { enter } from './leftovers';

/** As Strapi's own command loads it: once, as CommonJS, like the plugin that requires it. */
const { createStrapi } = createRequire(path.join(REPOSITORY, 'demo', 'package.json'))(
  '@strapi/strapi',
) as typeof StrapiModule;

export const ADMIN = { email: 'admin@example.com', password: 'Newswire1!' };

/** What a Strapi of ours is started with; a test's `env` overrides it. An empty value counts as not set. */
export const ENVIRONMENT: Record<string, string> = {
  APP_KEYS: 'test-key-a,test-key-b',
  ADMIN_JWT_SECRET: 'test-admin-jwt-secret',
  API_TOKEN_SALT: 'test-api-token-salt',
  TRANSFER_TOKEN_SALT: 'test-transfer-token-salt',
  JWT_SECRET: 'test-jwt-secret',
  ENCRYPTION_KEY: 'test-encryption-key-of-32-bytes!',
  STRAPI_LOG_LEVEL: 'error',
  STRAPI_TELEMETRY_DISABLED: 'true',
  STRAPI_DISABLE_UPDATE_NOTIFICATION: 'true',
};

export interface StartOptions {
  /** A fresh SQLite database of its own, if none is given. */
  database?: TestDatabase;
  /** Changes to Newswire's options in the demo. A function may give what JSON cannot hold. */
  options?: Options | ((options: Options) => Options);
  env?: Record<string, string>;
  /** Puts more into the application's folder before it starts. */
  prepare?: (appDir: string) => void;
  /** Serve the built admin panel too. */
  panel?: boolean;
}

export interface TestStrapi {
  strapi: Core.Strapi;
  database: TestDatabase;
  url: string;
  /** Without credentials. */
  anonymous: HttpClient;
  /** Logged in at the admin as super admin. Admin routes have no `/api`: `/newswire/subscriptions`. */
  admin(): Promise<HttpClient>;
  /** With a Strapi API token that may do everything, and these headers on every request. */
  apiToken(headers?: Record<string, string>): Promise<HttpClient>;
  /** Stops it as SIGTERM does, and drops the database unless the test brought it along. */
  stop(): Promise<void>;
}

let stopRunning: (() => Promise<void>) | undefined;

/**
 * Starts the demo in this process, on a port of its own. Strapi keeps itself in globals, so there is one at a time:
 * one that a failed test has left running is stopped first, or it would fail this test too.
 */
export async function startStrapi(start: StartOptions = {}): Promise<TestStrapi> {
  await stopRunning?.();
  const database = start.database ?? (await createTestDatabase('sqlite'));
  const application = makeApplication(start.options);
  start.prepare?.(application.appDir);
  const restoreEnvironment = setEnvironment({ ...ENVIRONMENT, ...database.env, ...start.env });
  const restoreListeners = rememberListeners();
  const instance = createStrapi({
    appDir: application.appDir,
    distDir: application.distDir,
    serveAdminPanel: start.panel ?? false,
    autoReload: false,
  });

  const stop = async () => {
    strikeOff();
    stopRunning = undefined;
    try {
      await instance.destroy();
    } finally {
      restoreListeners();
      restoreEnvironment();
      application.remove();
      if (!start.database) await database.drop();
    }
  };
  const strikeOff = enter('a Strapi', stop);
  stopRunning = stop;

  try {
    await instance.load();
    await listen(instance);
  } catch (error) {
    // What the boot failed with is the news; a half-started Strapi often cannot stop either.
    await stop().catch(() => undefined);
    throw error;
  }

  const { port } = instance.server.httpServer.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    strapi: instance,
    database,
    url,
    anonymous: httpClient(url),
    admin: async () => {
      await ensureAdmin(instance);
      return logIn(url);
    },
    apiToken: async (headers = {}) =>
      httpClient(url, { ...headers, authorization: `Bearer ${await makeToken(instance)}` }),
    stop,
  };
}

/** Logs in at the admin, as the panel does. */
export async function logIn(url: string, credentials = ADMIN): Promise<HttpClient> {
  const { status, body } = await httpClient(url).post<{ data?: { token?: string } }>(
    '/admin/login',
    credentials,
  );
  const token = body.data?.token;
  if (!token) throw new Error(`The login was answered ${status}: ${JSON.stringify(body)}`);
  return httpClient(url, { authorization: `Bearer ${token}` });
}

async function listen(instance: Core.Strapi): Promise<void> {
  instance.server.mount();
  await new Promise<void>((resolve, reject) => {
    instance.server.httpServer.once('error', reject);
    instance.server.httpServer.listen(0, '127.0.0.1', resolve);
  });
}

/** A seeded demo has this account already. */
async function ensureAdmin(instance: Core.Strapi): Promise<void> {
  const users = instance.db.query('admin::user');
  if (await users.findOne({ where: { email: ADMIN.email } })) return;
  const role = (await instance.db
    .query('admin::role')
    .findOne({ where: { code: 'strapi-super-admin' } })) as { id: number };
  await instance.service('admin::user').create({
    ...ADMIN,
    firstname: 'Angela',
    lastname: 'Jain',
    isActive: true,
    registrationToken: null,
    roles: [role.id],
  });
}

async function makeToken(instance: Core.Strapi): Promise<string> {
  const token: { accessKey: string } = await instance.service('admin::api-token').create({
    name: `test ${Date.now()} ${Math.random()}`,
    description: '',
    kind: 'content-api',
    type: 'full-access',
    lifespan: null,
  });
  return token.accessKey;
}

function setEnvironment(wanted: Record<string, string>): () => void {
  const before = new Map(Object.keys(wanted).map((name) => [name, process.env[name]]));
  const set = (name: string, value: string | undefined) => {
    if (value) process.env[name] = value;
    else delete process.env[name];
  };
  for (const [name, value] of Object.entries(wanted)) set(name, value);
  return () => before.forEach((value, name) => set(name, value));
}

type Listener = (...args: unknown[]) => void;

/**
 * `strapi.destroy()` ends with `process.removeAllListeners()`, which cuts the test runner off from its worker.
 *
 * @returns puts the process's listeners back as they were.
 */
function rememberListeners(): () => void {
  const target: NodeJS.EventEmitter = process;
  const remembered = target
    .eventNames()
    .map((event) => [event, target.rawListeners(event) as Listener[]] as const);
  return () => {
    target.removeAllListeners();
    for (const [event, listeners] of remembered) {
      for (const listener of listeners) target.on(event, listener);
    }
  };
}
