/** The static checks: each is one command, and counts as one test. */
import path from 'node:path';
import { ROOT, run } from '../prepare/run.mjs';

const LIMIT = 5 * 60_000;

/** @param {string} name of a package's command, e.g. `eslint`; run by node itself, without npx or a shell. */
const bin = (...parts) => path.join(ROOT, 'node_modules', ...parts);

const PRETTIER = bin('prettier', 'bin', 'prettier.cjs');
const ESLINT = bin('eslint', 'bin', 'eslint.js');
const TSC = bin('typescript', 'bin', 'tsc');
const DEPCRUISE = bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const KNIP = bin('knip', 'bin', 'knip.js');
const STRAPI_PLUGIN = bin('@strapi', 'sdk-plugin', 'bin', 'strapi-plugin.js');

const check = (title, args, advice) => ({ title, args, advice });

export const CHECKS = {
  format: [check('Prettier', [PRETTIER, '--check', '.'], 'npm run format repairs this')],
  lint: [check('ESLint', [ESLINT, '--max-warnings', '0', '.'])],
  types: [
    check('types of the server, config, tests and benchmarks', [TSC, '-p', 'tsconfig.json']),
    check('types of the admin panel', [TSC, '-p', 'admin/tsconfig.json']),
    check('types of the demo', [TSC, '--noEmit', '-p', 'demo/tsconfig.json']),
    check("types of the demo's admin", [TSC, '--noEmit', '-p', 'demo/src/admin/tsconfig.json']),
  ],
  imports: [
    check('who may import whom', [
      DEPCRUISE,
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      'server',
      'config',
      'admin',
    ]),
  ],
  dependencies: [
    check('unused files, exports and dependencies', [
      KNIP,
      '--no-progress',
      '--treat-config-hints-as-errors',
    ]),
  ],
  verify: [check('strapi-plugin verify', [STRAPI_PLUGIN, 'verify'])],
};

/** @returns {Promise<import('./report.mjs').Result>} */
export async function runChecks(stage) {
  const failures = [];
  for (const { title, args, advice } of CHECKS[stage]) {
    const { code, output, timedOut } = await run(process.execPath, args, { limit: LIMIT });
    if (code === 0) continue;
    const reason = timedOut ? `\nstopped after ${LIMIT / 60_000} minutes` : '';
    failures.push({ title, details: [output.trim() + reason, advice].filter(Boolean).join('\n') });
  }
  return { passed: CHECKS[stage].length - failures.length, skipped: 0, failures };
}
