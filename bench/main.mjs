/**
 * `npm run bench`: measures this engine beside its peers and writes bench/RESULTS.md. See `--help`.
 *
 * It installs and builds what is missing, starts every process and server that it needs on the loopback interface, and
 * leaves nothing behind, also when it is interrupted.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureDemoBuilt } from '../scripts/prepare/build.mjs';
import { ensureInstalled } from '../scripts/prepare/install.mjs';
import { ensurePeersInstalled } from './run/install.mjs';
import { readOptions } from './run/options.mjs';
import { endOnSignal, isInterrupted, start, untilInterrupted } from './run/processes.mjs';
import { renderReport, renderSection } from './run/report.mjs';

const RESULTS = path.join(import.meta.dirname, 'RESULTS.md');
const SCENARIOS = [
  ...['drain', 'latency', 'isolation', 'processes', 'capture', 'claim', 'memory'],
  ...['pages', 'waiting'],
];

const say = (text) => console.log(`… ${text}`);

const options = readOptions(SCENARIOS);
endOnSignal();
await untilInterrupted(async () => {
  await ensureInstalled(say);
  await ensurePeersInstalled(say);
  await measure();
});

async function measure() {
  const scenarios = await loadScenarios();
  if (scenarios.some(({ needsStrapi }) => needsStrapi)) await ensureDemoBuilt(say);
  const { describeMachine, load } = await import('./run/machine.mjs');
  const context = await makeContext();
  const machine = await describeMachine(context);
  const loadBefore = load();
  const sections = scenarios.map(({ title }) => ({ title, failed: 'the run ended before' }));
  for (const [index, scenario] of scenarios.entries()) {
    say(scenario.title);
    const section = { title: scenario.title, ...(await runScenario(scenario, context)) };
    sections[index] = section;
    console.log(`\n${renderSection(section)}\n`);
    if (!options.all) continue;
    // After each: a run that is interrupted after half an hour leaves what it has measured.
    const facts = [...machine, ['load (1 minute)', `${loadBefore} before, ${load()} after`]];
    await writeFile(RESULTS, renderReport({ ...options, facts, sections }));
  }
  say(
    options.all
      ? `Written to ${path.relative(process.cwd(), RESULTS)}`
      : 'bench/RESULTS.md is left as it is: not everything was measured in this run',
  );
}

/** One scenario that fails is said to, and does not cost the others their results. */
async function runScenario(scenario, context) {
  try {
    return await scenario.run(context);
  } catch (error) {
    if (isInterrupted()) throw error;
    console.error(error);
    process.exitCode = 1;
    return { failed: error.message.split('\n')[0] };
  }
}

function loadScenarios() {
  return Promise.all(
    options.scenarios.map(async (name) => (await import(`./scenarios/${name}.mjs`))[name]),
  );
}

async function makeContext() {
  const { compileEngine } = await import('./run/compile.mjs');
  const { usePostgres } = await import('./run/postgres.mjs');
  const { redisVersion } = await import('./run/redis.mjs');
  const receiver = await start(path.join(import.meta.dirname, 'receiver', 'main.mjs'));
  return {
    ...options,
    say,
    receiver,
    url: `http://127.0.0.1:${await receiver.call('port')}/hook`,
    engine: await compileEngine(),
    postgres: await usePostgres(),
    redis: redisVersion(),
  };
}
