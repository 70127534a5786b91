/**
 * `npm test`: installs and builds what is missing, runs every check and every suite, and ends with the line
 * `N passed, N failed, N skipped`. A failing stage does not stop the next one. `npm test -- unit database` runs
 * only the stages that it names.
 */
import { ensureDemoBuilt, ensurePluginBuilt } from './prepare/build.mjs';
import { ensureInstalled } from './prepare/install.mjs';
import { stopOnSignal } from './prepare/run.mjs';
import { CHECKS, runChecks } from './test/checks.mjs';
import { printStage, printSummary } from './test/report.mjs';
import { removeFiles, runSuite } from './test/suites.mjs';

/** In the order in which they run. `needs`: what must have been built before. */
const STAGES = {
  format: {},
  lint: {},
  // The demo imports the package's declarations.
  types: { needs: ensurePluginBuilt },
  imports: {},
  dependencies: {},
  verify: { needs: ensurePluginBuilt },
  unit: {},
  database: {},
  strapi: { needs: ensureDemoBuilt },
  faults: { needs: ensureDemoBuilt },
  browser: { needs: ensureDemoBuilt },
  packaging: { needs: ensurePluginBuilt },
};

const say = (text) => console.log(`… ${text}`);

/** What has been built, or has failed to build, in this run; a failure is not tried again for every stage. */
const built = new Map();

/** @returns {Promise<import('./test/report.mjs').Failure[]>} */
async function prepare(need) {
  if (!built.has(need)) {
    const failure = (error) => [{ title: 'install or build', details: error.message }];
    built.set(need, await need(say).then(() => [], failure));
  }
  return built.get(need);
}

async function runStage(stage) {
  const { needs } = STAGES[stage];
  const failures = needs ? await prepare(needs) : [];
  if (stage in CHECKS) {
    const result = await runChecks(stage);
    return { ...result, failures: [...failures, ...result.failures] };
  }
  return failures.length > 0 ? { passed: 0, skipped: 0, failures } : runSuite(stage);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((stage) => !Object.hasOwn(STAGES, stage));
if (unknown.length > 0) {
  console.error(
    `There is no stage ${unknown.join(', ')}; there are ${Object.keys(STAGES).join(', ')}`,
  );
  process.exit(2);
}

stopOnSignal(removeFiles);

const done = [];

async function measure(stage, work) {
  const start = performance.now();
  const result = await work();
  done.push({ stage, seconds: (performance.now() - start) / 1_000, result });
  printStage(done.at(-1));
}

const notInstalled = await prepare(ensureInstalled);
if (notInstalled.length > 0) {
  await measure('install', () => ({ passed: 0, skipped: 0, failures: notInstalled }));
} else {
  for (const stage of Object.keys(STAGES)) {
    if (wanted.length > 0 && !wanted.includes(stage)) continue;
    console.log(`\n── ${stage}`);
    await measure(stage, () => runStage(stage));
  }
}
process.exit(printSummary(done) === 0 ? 0 : 1);
