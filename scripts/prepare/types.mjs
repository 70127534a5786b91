/** Writes dist/types: the declarations of what the package exports, and of what those refer to. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './run.mjs';

// The plugin builder writes declarations too, per bundle and without what lies outside its folder.
rmSync(path.join(ROOT, 'dist', 'types'), { recursive: true, force: true, maxRetries: 10 });

const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.types.json'], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exit(status ?? 1);
