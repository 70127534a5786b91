/** The suites of test/: each is a project of vitest.config.mjs. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT, run } from '../prepare/run.mjs';

const VITEST = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const MINUTE = 60_000;

/** `workers`: files run at the same time. Where timing is looked at, or much memory is used, one. */
const SUITES = {
  unit: { workers: 2, limit: 2 * MINUTE },
  database: { workers: 2, limit: 6 * MINUTE },
  strapi: { workers: 2, limit: 8 * MINUTE },
  faults: { workers: 1, limit: 12 * MINUTE },
  browser: { workers: 1, limit: 6 * MINUTE },
  packaging: { workers: 1, limit: 8 * MINUTE },
};

/** Where the suite that runs keeps its files: databases, applications, profiles of browsers. */
let folder;

export async function removeFiles() {
  if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/**
 * @param {string} name
 * @param {{ limit?: number, env?: Record<string, string>, files?: string[] }} [change] files: parts of the names of
 *   the only files to run.
 * @returns {Promise<import('./report.mjs').Result>}
 */
export async function runSuite(name, { env, files = [], ...change } = {}) {
  const { workers, limit } = { ...SUITES[name], ...change };
  folder = await mkdtemp(path.join(tmpdir(), 'newswire-test-'));
  // PostgreSQL runs as another user where we are root, and must be able to pass through.
  await chmod(folder, 0o711);
  const report = path.join(folder, 'report.json');
  try {
    const outcome = await run(
      process.execPath,
      [
        VITEST,
        'run',
        ...files,
        `--project=${name}`,
        `--maxWorkers=${workers}`,
        '--minWorkers=1',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      { limit, env: { ...env, TMPDIR: folder }, onOutput: (chunk) => process.stdout.write(chunk) },
    );
    const found = await readFile(report, 'utf8').then(JSON.parse, () => ({ testResults: [] }));
    return count(name, found, { ...outcome, limit });
  } finally {
    await removeFiles();
  }
}

function count(name, report, { code, output, timedOut, limit }) {
  const result = { passed: 0, skipped: 0, failures: [] };
  for (const file of report.testResults) {
    const failedBefore = result.failures.length;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') result.passed += 1;
      else if (test.status === 'failed') {
        result.failures.push({
          title: `${path.relative(ROOT, file.name)} > ${test.fullName}`,
          details: test.failureMessages.join('\n'),
        });
      } else result.skipped += 1;
    }
    // A file that cannot be loaded, a hook that throws, something left open: no test of its own has failed.
    if (file.status === 'failed' && result.failures.length === failedBefore) {
      result.failures.push({ title: path.relative(ROOT, file.name), details: file.message });
    }
  }

  const tail = () => output.split('\n').slice(-60).join('\n');
  if (timedOut) {
    result.failures.push({
      title: `${name}: stopped after ${limit / MINUTE} minutes`,
      details: tail(),
    });
  } else if (result.passed + result.failures.length === 0) {
    result.failures.push({ title: `${name}: no test ran`, details: tail() });
  } else if (code !== 0 && result.failures.length === 0) {
    result.failures.push({ title: `${name}: an error outside the tests`, details: tail() });
  }
  return result;
}
