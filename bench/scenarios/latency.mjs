/** How long it takes from the commit of a save in Strapi to the receiver, when there is nothing else to do. */
import { interleave } from '../run/rounds.mjs';
import { median, percentile } from '../run/statistics.mjs';
import { Missed, ms, Reached, table } from '../run/report.mjs';
import { startStrapi } from '../strapi/application.mjs';
import { engineDatabase } from './drain.mjs';

const EVENTS = 100;
const EVERY_MS = 50;
const WARM_UP = 60;

/** How long what is late is waited for. */
const ARRIVES_WITHIN_MS = 5_000;

const P50_MS = 5;
const P99_MS = 15;

/** @param {{ dialect: string, apart: boolean }} how `apart`: one process captures, another delivers. */
async function prepare(context, { dialect, apart }) {
  const database = await engineDatabase(context, dialect);
  const writer = await startStrapi({
    address: database.address,
    newswire: apart ? 'producer' : 'all',
  });
  const worker = apart
    ? await startStrapi({ address: database.address, newswire: 'worker' })
    : null;
  await writer.call('subscribe', { url: context.url });
  const warmUp = await writer.call('create', { count: WARM_UP });
  await writer.call('updateSlowly', { ids: warmUp, everyMs: 5 });
  return {
    async measure() {
      const ids = await writer.call('create', { count: EVENTS });
      await allArrived(context, ids.length);
      await context.receiver.call('reset', { keepBodies: true });
      const commits = await writer.call('updateSlowly', { ids, everyMs: EVERY_MS });
      await allArrived(context, ids.length);
      const arrivals = await context.receiver.call('arrivals');
      const latencies = ids.map((id) => arrivals[id] - commits[id]);
      if (latencies.some(Number.isNaN)) throw new Error('An event has not arrived');
      return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
    },
    async stop() {
      await worker?.stop();
      await writer.stop();
      await database.drop();
    },
  };
}

/** Waits until the receiver has been quiet for a moment; the documents' creation makes events, too. */
async function allArrived(context) {
  const deadline = Date.now() + ARRIVES_WITHIN_MS;
  for (let last = -1; Date.now() < deadline;) {
    const count = await context.receiver.call('count');
    if (count === last) return;
    last = count;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
}

const WAYS = [
  { name: 'SQLite, woken in process', dialect: 'sqlite', apart: false, target: true },
  { name: 'PostgreSQL, woken in process', dialect: 'postgres', apart: false, target: true },
  { name: 'PostgreSQL, delivered by another process', dialect: 'postgres', apart: true },
];

export const latency = {
  title: 'From commit to the receiver',
  needsStrapi: true,

  async run(context) {
    const prepared = [];
    try {
      for (const way of WAYS) prepared.push({ ...way, ...(await prepare(context, way)) });
      const measured = await interleave({
        rounds: context.rounds,
        patienceMs: context.patienceMs,
        contestants: prepared,
        say: context.say,
        describe: ({ p50, p99 }) => `p50 ${ms(p50)} ms, p99 ${ms(p99)} ms`,
      });
      return report(measured);
    } finally {
      for (const { stop } of prepared) await stop();
    }
  },
};

function report(measured) {
  const rows = [];
  const targets = [];
  for (const { name, target } of WAYS) {
    const { results, disturbed } = measured.get(name);
    const [p50s, p99s] = [results.map(({ p50 }) => p50), results.map(({ p99 }) => p99)];
    const range = (list) => `${ms(Math.min(...list))} – ${ms(Math.max(...list))}`;
    rows.push([name, ms(median(p50s)), range(p50s), ms(median(p99s)), range(p99s), disturbed]);
    if (!target) continue;
    for (const [what, list, most] of [
      ['p50', p50s, P50_MS],
      ['p99', p99s, P99_MS],
    ]) {
      const verdict = median(list) < most ? Reached : Missed;
      targets.push({
        what: `${name}, ${what}`,
        wanted: `under ${most} ms`,
        found: `${ms(median(list))} ms`,
        verdict,
      });
    }
  }
  return {
    intro: [
      `${EVENTS} updates of one document each through Strapi's document service, one every ${EVERY_MS} ms, in the real demo;`,
      'milliseconds from the commit to the arrival of the whole request. Medians over the rounds.',
    ].join(' '),
    table: table(['what', 'p50', 'min – max', 'p99', 'min – max', 'disturbed rounds'], rows),
    targets,
  };
}
