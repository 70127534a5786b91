import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atEnd } from './processes.mjs';
import { freePort } from './ports.mjs';

const STARTS_WITHIN_MS = 5_000;

/** @returns {string | null} the version of the `redis-server` of this machine; null when there is none. */
export function redisVersion() {
  const { stdout, status } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  return status === 0 ? (/v=(\S+)/.exec(stdout)?.[1] ?? 'unknown') : null;
}

/**
 * Starts a Redis of its own, in a folder of its own, with an append-only file.
 *
 * @param {'always' | 'everysec'} appendfsync when what was written is on the disk: before the answer, or within a second.
 */
export async function startRedis(appendfsync) {
  const folder = mkdtempSync(path.join(tmpdir(), 'newswire-bench-redis-'));
  const port = await freePort();
  const server = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--appendonly', 'yes', '--appendfsync', appendfsync, '--save', ''],
    ],
    { stdio: 'ignore', detached: true },
  );
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const stop = atEnd(async () => {
    server.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });
  const deadline = Date.now() + STARTS_WITHIN_MS;
  while (!(await listens(port))) {
    if (Date.now() > deadline) throw new Error(`Redis has not listened on port ${port} in time`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { port, stop };
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
