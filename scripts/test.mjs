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
  types: {},
  imports: {},
  dependencies: {},
  verify: { needs: ensurePluginBuilt },
  unit: {},
  conformance: {},
  database: {},
  strapi: { needs: ensureDemoBuilt },
  faults: { needs: ensureDemoBuilt },
  browser: { needs: ensureDemoBuilt },
  packaging: { needs: ensurePluginBuilt },
};

const say = (text) => console.log(`… ${text}`);

async function runStage(stage) {
  try {
    await STAGES[stage].needs?.(say);
    return stage in CHECKS ? await runChecks(stage) : await runSuite(stage);
  } catch (error) {
    return { passed: 0, skipped: 0, failures: [{ title: stage, details: error.message }] };
  }
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
await ensureInstalled(say);

const done = [];
for (const stage of Object.keys(STAGES)) {
  if (wanted.length > 0 && !wanted.includes(stage)) continue;
  console.log(`\n── ${stage}`);
  const start = performance.now();
  const result = await runStage(stage);
  done.push({ stage, seconds: (performance.now() - start) / 1_000, result });
  printStage(done.at(-1));
}
process.exit(printSummary(done) === 0 ? 0 : 1);
