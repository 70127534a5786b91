import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT, run } from './run.mjs';

/**
 * Installs what package-lock.json names, unless it is installed already.
 *
 * @param {(text: string) => void} say
 */
export async function ensureInstalled(say) {
  const [wanted, installed] = await Promise.all([
    packagesOf('package-lock.json'),
    // npm writes this one last, when everything that it lists is in place.
    packagesOf('node_modules/.package-lock.json'),
  ]);
  const differing = Object.keys(wanted).find((name) => !isInstalled(name, wanted, installed));
  if (differing === undefined) return;

  say(
    Object.keys(installed).length > 0
      ? `${differing} is not as package-lock.json has it: installing again (some minutes)`
      : 'Installing (some minutes)',
  );
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund']);
  if (code !== 0) {
    throw new Error(`npm ci failed:\n${output}`);
  }
}

async function packagesOf(lockfile) {
  const text = await readFile(path.join(ROOT, lockfile), 'utf8').catch(() => '{}');
  return JSON.parse(text).packages ?? {};
}

function isInstalled(name, wanted, installed) {
  // The root package and the workspaces are not installed but linked; optional packages are for other machines.
  if (!name.includes('node_modules/') || wanted[name].link || wanted[name].optional) return true;
  return installed[name]?.version === wanted[name].version;
}
