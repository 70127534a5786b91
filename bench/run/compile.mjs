import path from 'node:path';
import { build } from 'esbuild';
import { ROOT } from '../../scripts/prepare/run.mjs';

/**
 * Makes one module of the engine's child program out of the sources as they stand. It lies where the plugin's own
 * dependencies are found, not those of the benchmark.
 *
 * @returns {Promise<string>} its path
 */
export async function compileEngine() {
  const outfile = path.join(ROOT, 'node_modules', '.cache', 'newswire', 'bench', 'engine.mjs');
  await build({
    entryPoints: [path.join(ROOT, 'bench', 'engine', 'main.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  });
  return outfile;
}
