/** Whether the process that delivers grows. */
import { start } from '../run/processes.mjs';
import { Missed, rate, Reached, table } from '../run/report.mjs';
import { CONCURRENCY, engineDatabase } from './drain.mjs';

const DELIVERIES = 100_000;
const WARM_UP = 20_000;
const STEP = 10_000;
const MOST_MB = 50;
const MB = 1_048_576;

export const memory = {
  title: 'Memory',

  async run(context) {
    const { receiver, say } = context;
    const database = await engineDatabase(context, 'postgres');
    const engine = await start(context.engine, { execArgv: ['--expose-gc'] });
    // Another process makes what is delivered, so that what that takes is not counted.
    const producer = await start(context.engine);
    try {
      await engine.call('open', database.address);
      await producer.call('open', database.address);
      await producer.call('subscribe', {
        url: context.url,
        concurrency: CONCURRENCY,
        order: 'per_subject',
      });
      await engine.call('start');
      const sizes = [];
      for (let done = 0; done < WARM_UP + DELIVERIES; done += STEP) {
        await producer.call('prepare', { count: STEP });
        await receiver.call('reset');
        await engine.call('drain', { count: STEP });
        if (done + STEP < WARM_UP) continue;
        sizes.push((await engine.call('memory')) / MB);
        say(`after ${rate(done + STEP)} deliveries: ${sizes.at(-1).toFixed(0)} MB`);
      }
      return report(sizes);
    } finally {
      await engine.stop();
      await producer.stop();
      await database.drop();
    }
  },
};

function report(sizes) {
  const grown = Math.max(...sizes) - sizes[0];
  return {
    intro: `The engine's process without Strapi, PostgreSQL, ${rate(DELIVERIES)} deliveries after a warm-up of ${rate(WARM_UP)}; resident memory in MB after a collection.`,
    table: table(
      ['at the start', 'most', 'at the end'],
      [[sizes[0], Math.max(...sizes), sizes.at(-1)].map((size) => size.toFixed(0))],
    ),
    targets: [
      {
        what: `growth over ${rate(DELIVERIES)} deliveries`,
        wanted: `within ${MOST_MB} MB`,
        found: `${grown.toFixed(0)} MB`,
        verdict: grown <= MOST_MB ? Reached : Missed,
      },
    ],
  };
}
