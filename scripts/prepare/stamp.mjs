/**
 * Knows whether a step must run again: its stamp is a digest of what it reads, written when it has succeeded.
 * Contents and not times, because a checkout sets times as it likes.
 */
import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './run.mjs';

const STAMPS = path.join(ROOT, 'node_modules', '.cache', 'newswire');

/** Written by builds or by running applications, so never a source. */
const NOT_SOURCES = new Set(['node_modules', 'dist', '.tmp', '.strapi', '.cache', 'generated']);

/** @param {string[]} sources files and folders, relative to the repository; what is not there counts as absent. */
async function digest(sources) {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) {
    await addTo(hash, path.join(ROOT, source));
  }
  return hash.digest('hex');
}

async function addTo(hash, file) {
  const found = await stat(file).catch(() => null);
  if (!found) return;
  if (found.isDirectory()) {
    const names = (await readdir(file)).filter((name) => !NOT_SOURCES.has(name)).sort();
    for (const name of names) await addTo(hash, path.join(file, name));
    return;
  }
  hash.update(`\0${path.relative(ROOT, file)}\0`).update(
    createHash('sha256')
      .update(await readFile(file))
      .digest(),
  );
}

const stampOf = (name) => path.join(STAMPS, name);

const LOCK = path.join(STAMPS, 'building');
const LOOK_EVERY = 200;

/** One build at a time: the demo and the tests, or two people, may share a checkout. */
async function alone(work) {
  while (!(await takeLock())) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  try {
    return await work();
  } finally {
    await rm(LOCK, { force: true });
  }
}

async function takeLock() {
  await mkdir(STAMPS, { recursive: true });
  // Linked, so that the lock is never there without its owner's name in it.
  const mine = `${LOCK}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    await link(mine, LOCK);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const owner = Number(await readFile(LOCK, 'utf8').catch(() => process.pid));
    // Whose process has gone, has left the lock behind.
    if (!isRunning(owner)) await rm(LOCK, { force: true });
    return false;
  } finally {
    await rm(mine);
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Runs a step if what it reads has changed, or what it makes is missing.
 *
 * @param {{ name: string, sources: string[], makes: string[], run: () => Promise<void> }} step
 * @returns {Promise<boolean>} whether it ran.
 */
export function ifChanged({ name, sources, makes, run }) {
  return alone(async () => {
    const now = await digest(sources);
    const before = await readFile(stampOf(name), 'utf8').catch(() => '');
    const made = makes.map((file) => stat(path.join(ROOT, file)).catch(() => null));
    if (before === now && (await Promise.all(made)).every(Boolean)) return false;
    await rm(stampOf(name), { force: true });
    await run();
    await writeFile(stampOf(name), now);
    return true;
  });
}
