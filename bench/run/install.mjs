import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT, run } from '../../scripts/prepare/run.mjs';

const FOLDER = path.join(ROOT, 'bench');

/**
 * Installs the queues that are measured, unless they are there as bench/package-lock.json names them.
 *
 * @param {(text: string) => void} say
 */
export async function ensurePeersInstalled(say) {
  const [wanted, installed] = await Promise.all([
    packagesOf('package-lock.json'),
    packagesOf('node_modules/.package-lock.json'),
  ]);
  const differing = Object.keys(wanted).find(
    (name) =>
      name !== '' && !wanted[name].optional && installed[name]?.version !== wanted[name].version,
  );
  if (differing === undefined) return;
  say('Installing the queues that are measured beside this engine');
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER });
  if (code !== 0) throw new Error(`npm ci failed in bench:\n${output}`);
}

async function packagesOf(lockfile) {
  const text = await readFile(path.join(FOLDER, lockfile), 'utf8').catch(() => '{}');
  return JSON.parse(text).packages ?? {};
}
