/**
 * Knows whether a step must run again: its stamp is a digest of what it reads, written when it has succeeded.
 * Contents and not times, because a checkout sets times as it likes.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
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

/**
 * Runs a step if what it reads has changed, or what it makes is missing.
 *
 * @param {{ name: string, sources: string[], makes: string[], run: () => Promise<void> }} step
 * @returns {Promise<boolean>} whether it ran.
 */
export async function ifChanged({ name, sources, makes, run }) {
  const now = await digest(sources);
  const before = await readFile(stampOf(name), 'utf8').catch(() => '');
  const made = await Promise.all(
    makes.map((file) => stat(path.join(ROOT, file)).catch(() => null)),
  );
  if (before === now && made.every(Boolean)) return false;
  await rm(stampOf(name), { force: true });
  await run();
  await mkdir(STAMPS, { recursive: true });
  await writeFile(stampOf(name), now);
  return true;
}
