import { fork } from 'node:child_process';
import { stopOnSignal } from '../../scripts/prepare/run.mjs';

/** What has to be undone when the run ends, however it ends; the newest first. */
const undone = new Set();

/**
 * Enters something that must be undone.
 *
 * @param {() => unknown} undo
 * @returns {() => Promise<void>} undoes it now; a second call does nothing.
 */
export function atEnd(undo) {
  const once = async () => {
    if (!undone.delete(once)) return;
    await undo();
  };
  undone.add(once);
  return once;
}

/** Undoes all that is left. One failure does not keep the rest from being undone. */
async function undoAll() {
  for (const undo of [...undone].reverse()) {
    await undo().catch((error) => console.error(`Could not clean up: ${error.message}`));
  }
}

let interrupted = false;

/** Whether a signal has come: what fails from then on fails because its processes are gone. */
export const isInterrupted = () => interrupted;

/** On Ctrl-C or a kill: ends the run, and a build that may be under way, and leaves nothing behind. */
export function endOnSignal() {
  stopOnSignal(async () => {
    interrupted = true;
    await undoAll();
  });
}

/** Runs to its end, or until a signal ends it. */
export async function untilInterrupted(work) {
  try {
    await work();
  } catch (error) {
    if (!interrupted) throw error;
  } finally {
    if (!interrupted) await undoAll();
  }
}

/** Characters of its output that are shown when a child fails. */
const SHOWN = 4_000;

/**
 * Starts a program of the benchmark in a process of its own; see run/serve.mjs for its side.
 *
 * @param {string} program path of the module
 * @param {{ env?: Record<string, string>, args?: string[], execArgv?: string[], cwd?: string }} [options]
 */
export async function start(program, { env = {}, args = [], execArgv = [], cwd } = {}) {
  const child = fork(program, args, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    execArgv,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches the benchmark alone, which then ends its children.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => (output = (output + chunk).slice(-SHOWN)));
  }
  const waiting = new Map();
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const failed = exited.then((code) => {
    throw new Error(`${program} ended with code ${code}:\n${output}`);
  });
  failed.catch(() => undefined);

  const ready = new Promise((resolve) => {
    child.on('message', (message) => {
      if (message.ready) return resolve();
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) call.reject(new Error(`${program}: ${message.error}\n${output}`));
      else call.resolve(message.result);
    });
  });

  const stop = atEnd(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await Promise.race([ready, failed]);

  let last = 0;
  return {
    pid: child.pid,
    /** Calls a function of the child; resolves with its result. */
    call(name, input) {
      const id = ++last;
      const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      // Without the callback, a child that has just gone would throw in the middle of nowhere.
      child.send({ id, name, input }, (error) => {
        if (error) waiting.get(id)?.reject(error);
      });
      return Promise.race([answered, failed]);
    },
    stop,
  };
}
