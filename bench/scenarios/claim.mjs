/** Whether a claim costs more when the table is full of what was delivered long ago. */
import { start } from '../run/processes.mjs';
import { interleave } from '../run/rounds.mjs';
import { median } from '../run/statistics.mjs';
import { Missed, ratio, Reached, rate, table } from '../run/report.mjs';
import { CONCURRENCY, engineDatabase } from './drain.mjs';

const SETTLED = 1_000_000;
const DUE = 10_000;
const CLAIMS = 40;
const CLAIM_SIZE = 100;
const MOST = 1.5;

const DIALECTS = ['sqlite', 'postgres'];
const TITLES = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
const nameOf = (dialect, settled) =>
  `${TITLES[dialect]}, ${settled === 0 ? 'nothing' : rate(settled)} delivered before`;

async function prepare(context, dialect, settled) {
  const database = await engineDatabase(context, dialect);
  const engine = await start(context.engine);
  await engine.call('open', database.address);
  await engine.call('subscribe', {
    url: context.url,
    concurrency: CONCURRENCY,
    order: 'per_subject',
  });
  if (settled > 0) {
    context.say(`${TITLES[dialect]}: filling in ${rate(settled)} delivered rows`);
    await engine.call('fillSettled', { rows: settled });
  }
  await engine.call('prepare', { count: DUE });
  await engine.call('claimTimes', { claims: CLAIMS, size: CLAIM_SIZE });
  return {
    name: nameOf(dialect, settled),
    measure: async () =>
      median(await engine.call('claimTimes', { claims: CLAIMS, size: CLAIM_SIZE })),
    async stop() {
      await engine.stop();
      await database.drop();
    },
  };
}

export const claim = {
  title: 'A claim beside a million delivered rows',

  async run(context) {
    const prepared = [];
    try {
      for (const dialect of DIALECTS) {
        for (const settled of [0, SETTLED]) {
          prepared.push(await prepare(context, dialect, settled));
        }
      }
      const measured = await interleave({
        rounds: context.rounds,
        patienceMs: context.patienceMs,
        contestants: prepared,
        say: context.say,
        describe: (result) => `${result.toFixed(2)} ms`,
      });
      return report(measured);
    } finally {
      for (const { stop } of prepared) await stop();
    }
  },
};

function report(measured) {
  const at = (dialect, settled) => median(measured.get(nameOf(dialect, settled)).results);
  return {
    intro: `Milliseconds of a transaction that claims ${CLAIM_SIZE} of ${rate(DUE)} due deliveries, ${CLAIMS} in a round; what was claimed is given back.`,
    table: table(
      ['what', 'median', 'min', 'max', 'disturbed rounds'],
      [...measured].map(([name, { results, disturbed }]) => [
        name,
        ...[median(results), Math.min(...results), Math.max(...results)].map((value) =>
          value.toFixed(2),
        ),
        disturbed,
      ]),
    ),
    targets: DIALECTS.map((dialect) => {
      const cost = at(dialect, SETTLED) / at(dialect, 0);
      return {
        what: `${TITLES[dialect]}, against an empty table`,
        wanted: `at most ${ratio(MOST)}`,
        found: ratio(cost),
        verdict: cost <= MOST ? Reached : Missed,
      };
    }),
  };
}
