/** Whether more processes on one PostgreSQL deliver faster. */
import { start } from '../run/processes.mjs';
import { interleave } from '../run/rounds.mjs';
import { median } from '../run/statistics.mjs';
import { Missed, rate, ratio, Reached, table } from '../run/report.mjs';
import { CONCURRENCY, engineDatabase } from './drain.mjs';

/** For each process, so that its code is compiled. */
const WARM_UP = 0.6;
const LEAST = 1.6;

/** A receiver that takes its time, as real ones do. */
const SLOW_MS = 20;

async function measure(context, { processes, delayMs }) {
  const { events, receiver } = context;
  const database = await engineDatabase(context, 'postgres');
  const engines = [];
  try {
    for (let number = 0; number < processes; number += 1) {
      const engine = await start(context.engine);
      engines.push(engine);
      await engine.call('open', database.address);
    }
    const [first] = engines;
    await first.call('subscribe', {
      url: context.url,
      concurrency: CONCURRENCY,
      order: 'per_subject',
    });
    await Promise.all(engines.map((engine) => engine.call('start')));
    let times;
    for (const count of [Math.round(events * WARM_UP * processes), events]) {
      await first.call('prepare', { count });
      await receiver.call('reset', { delayMs });
      await first.call('activate');
      times = await Promise.all(engines.map((engine) => engine.call('drainTogether')));
    }
    const seen = await receiver.call('report');
    if (seen.events !== events) throw new Error(`${seen.events} events of ${events} arrived`);
    const from = Math.min(...times.map(({ startedAt }) => startedAt));
    const to = Math.max(...times.map(({ endedAt, attempts }) => (attempts > 0 ? endedAt : 0)));
    return (events / (to - from)) * 1_000;
  } finally {
    for (const engine of engines) await engine.stop();
    await database.drop();
    await receiver.call('reset');
  }
}

const WAYS = [
  { receiver: 'at once', delayMs: 0 },
  { receiver: `after ${SLOW_MS} ms`, delayMs: SLOW_MS },
];

const nameOf = (way, processes) => `answers ${way.receiver}, ${processes} process(es)`;

export const processes = {
  title: 'Several processes on one PostgreSQL',

  async run(context) {
    const contestants = WAYS.flatMap((way) =>
      [1, 3].map((count) => ({
        name: nameOf(way, count),
        measure: () => measure(context, { processes: count, delayMs: way.delayMs }),
      })),
    );
    const measured = await interleave({
      rounds: context.rounds,
      patienceMs: context.patienceMs,
      contestants,
      say: context.say,
      describe: (result) => `${rate(result)}/s`,
    });
    const at = (way, count) => median(measured.get(nameOf(way, count)).results);
    return {
      intro: [
        `${rate(context.events)} due deliveries of 1 KB to one subscription with a concurrency of ${CONCURRENCY} in each process;`,
        'deliveries per second until the last result is recorded, by a receiver that answers at once and by one that takes its time.',
      ].join(' '),
      table: table(
        ['what', 'median', 'min', 'max', 'disturbed rounds'],
        [...measured].map(([name, { results, disturbed }]) => [
          name,
          ...[median(results), Math.min(...results), Math.max(...results)].map(rate),
          disturbed,
        ]),
      ),
      targets: WAYS.map((way) => {
        const gain = at(way, 3) / at(way, 1);
        return {
          what: `three processes against one, receiver answers ${way.receiver}`,
          wanted: `at least ${ratio(LEAST)}`,
          found: ratio(gain),
          verdict: gain >= LEAST ? Reached : Missed,
        };
      }),
    };
  },
};
