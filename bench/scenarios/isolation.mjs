/** Whether endpoints that hang, drip or fail slow down the others. */
import { start } from '../run/processes.mjs';
import { interleave } from '../run/rounds.mjs';
import { median, percentile } from '../run/statistics.mjs';
import { Missed, ms, ratio, Reached, table } from '../run/report.mjs';
import { engineDatabase } from './drain.mjs';

const HEALTHY = 47;
const BAD = ['/hang', '/drip', '/fail'];
const EVENTS = 200;
const EVERY_MS = 100;
const WARM_UP = 20;

/** How long what is late is waited for. */
const ARRIVES_WITHIN_MS = 20_000;

const MOST = 2;

async function measure(context, { dialect, bad }) {
  const { receiver } = context;
  const database = await engineDatabase(context, dialect);
  const engine = await start(context.engine);
  try {
    await engine.call('open', database.address);
    const badUrl = `http://127.0.0.1:${await receiver.call('badPort')}`;
    const urls = [
      ...Array.from({ length: HEALTHY }, () => context.url),
      ...(bad ? BAD.map((path) => badUrl + path) : []),
    ];
    for (const url of urls) {
      await engine.call('subscribe', { url, concurrency: 8, order: 'per_subject' });
    }
    await engine.call('activate');
    await engine.call('start');
    await receiver.call('reset');
    await engine.call('trickle', { count: WARM_UP, everyMs: EVERY_MS });
    await allArrived(receiver, WARM_UP * HEALTHY);
    await receiver.call('reset', { keepTimes: true });
    const commits = await engine.call('trickle', { count: EVENTS, everyMs: EVERY_MS });
    await allArrived(receiver, EVENTS * HEALTHY);
    const times = await receiver.call('times');
    const latencies = times.flatMap(({ id, at }) => (id in commits ? [at - commits[id]] : []));
    if (latencies.length !== EVENTS * HEALTHY) {
      throw new Error(`${latencies.length} deliveries of ${EVENTS * HEALTHY} arrived`);
    }
    return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
  } finally {
    await engine.stop();
    await database.drop();
    await receiver.call('reset');
  }
}

async function allArrived(receiver, count) {
  const deadline = Date.now() + ARRIVES_WITHIN_MS;
  while ((await receiver.call('count')) < count && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const DIALECTS = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
const nameOf = (dialect, bad) =>
  `${DIALECTS[dialect]}, ${bad ? 'beside three bad endpoints' : 'healthy endpoints alone'}`;

export const isolation = {
  title: 'Healthy endpoints beside bad ones',

  async run(context) {
    const contestants = Object.keys(DIALECTS).flatMap((dialect) =>
      [false, true].map((bad) => ({
        name: nameOf(dialect, bad),
        measure: () => measure(context, { dialect, bad }),
      })),
    );
    const measured = await interleave({
      rounds: context.rounds,
      patienceMs: context.patienceMs,
      contestants,
      say: context.say,
      describe: ({ p50, p99 }) => `p50 ${ms(p50)} ms, p99 ${ms(p99)} ms`,
    });
    const p99Of = (dialect, bad) =>
      median(measured.get(nameOf(dialect, bad)).results.map(({ p99 }) => p99));
    return {
      intro: [
        `${EVENTS} events, one every ${EVERY_MS} ms, each to ${HEALTHY} healthy subscriptions, alone and beside one endpoint that`,
        'hangs, one that drips a byte a second and one that always fails; milliseconds from the commit to the arrival at a healthy one.',
      ].join(' '),
      table: table(
        ['what', 'p50', 'p99', 'min – max of p99', 'disturbed rounds'],
        [...measured].map(([name, { results, disturbed }]) => {
          const p99s = results.map(({ p99 }) => p99);
          return [
            name,
            ms(median(results.map(({ p50 }) => p50))),
            ms(median(p99s)),
            `${ms(Math.min(...p99s))} – ${ms(Math.max(...p99s))}`,
            disturbed,
          ];
        }),
      ),
      targets: Object.keys(DIALECTS).map((dialect) => {
        const found = p99Of(dialect, true) / p99Of(dialect, false);
        return {
          what: `${DIALECTS[dialect]}, p99 beside bad endpoints against p99 alone`,
          wanted: `at most ${ratio(MOST)}`,
          found: ratio(found),
          verdict: found <= MOST ? Reached : Missed,
        };
      }),
    };
  },
};
