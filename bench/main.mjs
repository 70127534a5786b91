/**
 * `npm run bench`: measures this engine beside its peers and writes bench/RESULTS.md. See `--help`.
 *
 * It installs and builds what is missing, starts every process and server that it needs on the loopback interface, and
 * leaves nothing behind, also when it is interrupted.
 */
import path from 'node:path';
import { ensureDemoBuilt } from '../scripts/prepare/build.mjs';
import { ensureInstalled } from '../scripts/prepare/install.mjs';
import { readOptions } from './run/options.mjs';
import { endOnSignal, start, undoAll } from './run/processes.mjs';
import { renderSection } from './run/report.mjs';
import { ensurePeersInstalled } from './run/install.mjs';

const say = (text) => console.log(`… ${text}`);

const SCENARIOS = ['drain'];

const options = readOptions(SCENARIOS);
endOnSignal();
try {
  await ensureInstalled(say);
  await ensurePeersInstalled(say);
  await run();
} finally {
  await undoAll();
}

async function run() {
  const { compileEngine } = await import('./run/compile.mjs');
  const { usePostgres } = await import('./run/postgres.mjs');
  const { redisVersion } = await import('./run/redis.mjs');
  const { drain } = await import('./scenarios/drain.mjs');
  const receiver = await start(path.join(import.meta.dirname, 'receiver', 'main.mjs'));
  const port = await receiver.call('port');
  const context = {
    ...options,
    say,
    receiver,
    url: `http://127.0.0.1:${port}/hook`,
    engine: await compileEngine(),
    postgres: await usePostgres(),
    redis: redisVersion(),
  };
  console.log(context.postgres.description);
  const result = await drain.run(context);
  console.log(renderSection({ title: drain.title, ...result }));
}
