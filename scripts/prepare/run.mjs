import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** How long a process that was told to stop may take before it is killed. */
const KILL_AFTER = 5_000;

const running = new Set();

/**
 * Runs a command to its end, in a process group of its own, without input.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, limit?: number, onOutput?: (chunk: string) => void }} [options]
 *   limit: milliseconds after which the whole group is ended.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>}
 */
export function run(command, args, { cwd = ROOT, env = {}, limit, onOutput } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);

    let output = '';
    let timedOut = false;
    const timer = limit
      ? setTimeout(() => {
          timedOut = true;
          void stop(child, 'SIGTERM');
        }, limit)
      : undefined;
    const gather = (chunk) => {
      output += chunk;
      onOutput?.(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', gather);
    child.stderr.setEncoding('utf8').on('data', gather);

    const finish = (code) => {
      clearTimeout(timer);
      running.delete(child);
      // After a signal nothing goes on: no next stage, no retry.
      if (interrupted) return;
      resolve({ code, output, timedOut });
    };
    child.once('error', (error) => {
      gather(`${error.message}\n`);
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 1));
  });
}

/** @returns {boolean} whether anything of the group was there. */
function signal(child, name) {
  try {
    process.kill(-child.pid, name);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Ends a command's whole process group, grandchildren included: politely, then by force. */
async function stop(child, name) {
  signal(child, name);
  if (!(await isGone(child))) signal(child, 'SIGKILL');
}

/** Bounded: a process that has ended still counts until its new parent, often PID 1, takes notice. */
async function isGone(child) {
  const deadline = Date.now() + KILL_AFTER;
  while (Date.now() < deadline) {
    if (!signal(child, 0)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

let interrupted = false;

/**
 * On Ctrl-C or a kill: passes the signal on to whatever runs, waits until all of it is gone, and ends.
 *
 * @param {() => Promise<void>} cleanUp
 */
export function stopOnSignal(cleanUp) {
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(name, () => {
      interrupted = true;
      void Promise.all([...running].map((child) => stop(child, name)))
        .then(cleanUp)
        .then(() => process.exit(code));
    });
  }
}
