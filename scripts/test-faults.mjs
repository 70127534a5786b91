/**
 * `npm run test:faults`: the fault tests in full. `npm test` runs the same files in a short form. Prints the ledger of
 * each run, and the seed with which chance can be repeated:
 *
 *   NEWSWIRE_FAULTS_SEED=701281661 npm run test:faults -- kills
 *
 * runs only the files with `kills` in their names, with the chances of that run.
 */
import { ensureDemoBuilt } from './prepare/build.mjs';
import { ensureInstalled } from './prepare/install.mjs';
import { stopOnSignal } from './prepare/run.mjs';
import { printSummary } from './test/report.mjs';
import { removeFiles, runSuite } from './test/suites.mjs';

const MINUTE = 60_000;

/** All files together; one that hangs is ended by its own limit in vitest.config.mjs long before. */
const LIMIT = 90 * MINUTE;

const say = (text) => console.log(`… ${text}`);

async function runFaults() {
  try {
    await ensureInstalled(say);
    await ensureDemoBuilt(say);
  } catch (error) {
    const failures = [{ title: 'install or build', details: error.message }];
    return { passed: 0, skipped: 0, failures };
  }
  const env = { NEWSWIRE_FAULTS: 'full' };
  return runSuite('faults', { limit: LIMIT, env, files: process.argv.slice(2) });
}

stopOnSignal(removeFiles);
const start = performance.now();
const result = await runFaults();
const seconds = (performance.now() - start) / 1_000;
process.exit(printSummary([{ stage: 'faults', seconds, result }]) === 0 ? 0 : 1);
