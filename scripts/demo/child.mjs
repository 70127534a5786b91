import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const EXIT_WITH_PARENT = new URL('./exit-with-parent.mjs', import.meta.url);

/** How long a child may take to end by itself. Strapi finishes the deliveries under way. */
const KILL_AFTER = 10_000;

const POLL_MILLISECONDS = 100;

/** Lines kept to be shown when the child fails to start. */
const KEPT_LINES = 40;

/**
 * Starts a Node.js program that runs as long as the demo does.
 *
 * It gets a process group of its own, so that Ctrl-C reaches the demo alone, which then stops its children
 * in the right order.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {string[]} options.args
 * @param {string} options.cwd
 * @param {Record<string, string>} options.env
 * @param {(line: string) => void} options.onLine
 */
export function startChild({ name, args, cwd, env, onLine }) {
  const child = spawn(
    process.execPath,
    ['--no-deprecation', '--import', EXIT_WITH_PARENT.href, ...args],
    {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    },
  );
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      lines.splice(0, lines.length - KEPT_LINES);
      onLine(line);
    });
  }
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
  });
  return { name, lines, ended, ready, stop };

  /** Waits until the URL answers; fails when the child ends first. */
  async function ready(url, limitMilliseconds) {
    const deadline = Date.now() + limitMilliseconds;
    let running = true;
    void ended.then(() => (running = false));
    while (!(await answers(url))) {
      if (!running) {
        throw new Error(`${name} ${await ended}:\n${lines.join('\n')}`);
      }
      if (Date.now() > deadline) {
        throw new Error(`${name} has not answered at ${url} in ${limitMilliseconds / 1000} s.`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
  }

  /** Ends the child: politely, then by force. */
  async function stop() {
    const force = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(force);
  }
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
