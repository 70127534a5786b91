/** How fast what is due is delivered: this engine against the limit, against queues, against what Strapi has. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SECRET } from '../contestants/body.mjs';
import { atEnd, start } from '../run/processes.mjs';
import { startRedis } from '../run/redis.mjs';
import { interleave } from '../run/rounds.mjs';
import { median } from '../run/statistics.mjs';
import { Missed, Reached, table, rate, ratio } from '../run/report.mjs';

/** Requests under way at once, to one receiver. */
export const CONCURRENCY = 64;

/** As many as are measured are delivered before, so that code is compiled and sockets are open. */
const WARM_UP = 1;

const contestant = (name) => path.join(import.meta.dirname, '..', 'contestants', `${name}.mjs`);

export const LIMIT = 'undici alone: the limit';
export const POSTGRES = 'Newswire, PostgreSQL';
export const SQLITE = 'Newswire, SQLite';
const UNORDERED = 'Newswire, PostgreSQL, order `none`';
const POSTGRES_LOG = 'Newswire, PostgreSQL, from events not yet sequenced';
const SQLITE_LOG = 'Newswire, SQLite, from events not yet sequenced';
const PG_BOSS = 'pg-boss';
const GRAPHILE = 'graphile-worker';
const BULLMQ = 'BullMQ, Redis appendfsync always';
const BULLMQ_EVERYSEC = 'BullMQ, Redis appendfsync everysec';
const STRAPI = "Strapi's built-in webhooks";

/** A database for one run of the engine. */
export async function engineDatabase(context, dialect) {
  if (dialect === 'postgres') {
    const { url, drop } = await context.postgres.createDatabase();
    return { address: { postgres: url }, drop };
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'newswire-bench-sqlite-'));
  const drop = atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return { address: { sqlite: path.join(folder, 'data.db') }, drop };
}

/** Starts an engine on a database, with one paused subscription. */
export async function startEngine(context, { dialect, order = 'per_subject' }) {
  const database = await engineDatabase(context, dialect);
  const engine = await start(context.engine, {
    env: context.profile ? { BENCH_PROFILE: context.profile } : {},
  });
  await engine.call('open', database.address);
  await engine.call('subscribe', { url: context.url, concurrency: CONCURRENCY, order });
  await engine.call('start');
  return {
    ...engine,
    address: database.address,
    async close() {
      await engine.stop();
      await database.drop();
    },
  };
}

/** Checks that the receiver has had every event, and that the signatures of a sample fit. */
async function check(context, count, { signed = true, once = true }) {
  const seen = await context.receiver.call('report', { secret: SECRET });
  const problems = [
    once && seen.requests !== count && `${seen.requests} requests instead of ${count}`,
    signed && seen.events !== count && `${seen.events} events instead of ${count}`,
    signed && seen.verified !== seen.samples && `${seen.samples - seen.verified} wrong signatures`,
  ].filter(Boolean);
  if (problems.length > 0) throw new Error(`Not what was to be measured: ${problems.join(', ')}`);
}

/** Deliveries per second of one run, and what each took of its process's CPU time, in microseconds. */
async function timed(child, input) {
  const before = await child.call('cpu');
  const { startedAt, endedAt } = await child.call('drain', input);
  const { user, system } = await child.call('cpu', before);
  return {
    perSecond: (input.count / (endedAt - startedAt)) * 1_000,
    cpu: (user + system) / input.count,
  };
}

function engineContestant(context, name, { dialect, order, sequence = true }) {
  const measure = async (count) => {
    const engine = await startEngine(context, { dialect, order });
    try {
      const warmUp = Math.round(count * WARM_UP);
      await engine.call('prepare', { count: warmUp, sequence });
      await engine.call('drain', { count: warmUp, sequence: !sequence });
      await engine.call('prepare', { count, sequence });
      await context.receiver.call('reset');
      const measured = await timed(engine, { count, sequence: !sequence });
      await check(context, count, {});
      const recorded = await engine.call('recorded');
      if (recorded !== count + warmUp) throw new Error(`${recorded} attempts recorded`);
      return measured;
    } finally {
      await engine.close();
    }
  };
  return { name, measure };
}

function peer(context, name, program, { signed = true, redis, postgres = false } = {}) {
  const measure = async (count) => {
    const database = postgres ? await context.postgres.createDatabase() : null;
    const server = redis ? await startRedis(redis) : null;
    const child = await start(contestant(program), {
      env: {
        BENCH_URL: context.url,
        ...(database && { BENCH_POSTGRES: database.url }),
        ...(server && { BENCH_REDIS_PORT: String(server.port) }),
      },
    });
    try {
      if (postgres) await child.call('open');
      const warmUp = Math.round(count * WARM_UP);
      await child.call('prepare', { count: warmUp });
      await child.call('drain', { count: warmUp });
      await child.call('prepare', { count });
      if (database) await context.postgres.settle(database.url);
      await context.receiver.call('reset');
      const measured = await timed(child, { count });
      await check(context, count, { signed });
      return measured;
    } finally {
      await child.stop();
      await server?.stop();
      await database?.drop();
    }
  };
  return { name, measure };
}

function contestants(context) {
  return [
    peer(context, LIMIT, 'undici'),
    engineContestant(context, POSTGRES, { dialect: 'postgres' }),
    engineContestant(context, UNORDERED, { dialect: 'postgres', order: 'none' }),
    engineContestant(context, POSTGRES_LOG, { dialect: 'postgres', sequence: false }),
    engineContestant(context, SQLITE, { dialect: 'sqlite' }),
    engineContestant(context, SQLITE_LOG, { dialect: 'sqlite', sequence: false }),
    peer(context, PG_BOSS, 'pg-boss', { postgres: true }),
    peer(context, GRAPHILE, 'graphile-worker', { postgres: true }),
    ...(context.redis === null
      ? []
      : [
          peer(context, BULLMQ, 'bullmq', { redis: 'always' }),
          peer(context, BULLMQ_EVERYSEC, 'bullmq', { redis: 'everysec' }),
        ]),
    peer(context, STRAPI, 'strapi-webhooks', { signed: false }),
  ];
}

const QUEUES = [PG_BOSS, GRAPHILE, BULLMQ, BULLMQ_EVERYSEC];

export const drain = {
  title: 'Draining due deliveries',

  async run(context) {
    const { rounds, events, say } = context;
    const measured = await interleave({
      rounds,
      patienceMs: context.patienceMs,
      contestants: contestants(context)
        .filter(({ name }) => context.only === null || context.only.test(name))
        .map(({ name, measure }) => ({ name, measure: () => measure(events) })),
      say,
      describe: ({ perSecond, cpu }) => `${rate(perSecond)}/s, ${cpu.toFixed(0)} µs of CPU each`,
    });
    return report(measured, context);
  },
};

function report(measured, { events, redis }) {
  const ratesOf = (name) => measured.get(name).results.map(({ perSecond }) => perSecond);
  const at = (name) => (measured.has(name) ? median(ratesOf(name)) : NaN);
  const limit = at(LIMIT);
  const rows = [...measured].map(([name, { results, disturbed }]) => [
    name,
    ...[at(name), Math.min(...ratesOf(name)), Math.max(...ratesOf(name))].map(rate),
    ratio(at(name) / limit),
    median(results.map(({ cpu }) => cpu)).toFixed(0),
    disturbed,
  ]);
  if (redis === null) rows.push(['BullMQ', 'not run: no redis-server', '', '', '', '', '']);
  const fastest = Math.max(...QUEUES.map(at).filter((value) => !Number.isNaN(value)));
  return {
    intro: [
      `${rate(events)} events of 1 KB, each with a subject of its own, to one receiver, ${CONCURRENCY} requests at once;`,
      'deliveries per second from the first claim to the last recorded result, after a warm-up in the same process. `CPU µs each` is',
      'what a delivery took of the CPU time of the process that sends (not of the database): it hardly depends on what else runs.',
    ].join(' '),
    table: table(
      ['what', 'median', 'min', 'max', 'of the limit', 'CPU µs each', 'disturbed rounds'],
      rows,
    ),
    targets: [
      target('PostgreSQL, against the fastest of the queues', at(POSTGRES) / fastest, 1.15),
      target('PostgreSQL, of plain undici', at(POSTGRES) / limit, 0.5),
      target("SQLite with Strapi's default journal, of plain undici", at(SQLITE) / limit, 0.4),
      target('PostgreSQL, from events not yet sequenced', at(POSTGRES_LOG) / limit, 0.35),
      target('SQLite, from events not yet sequenced', at(SQLITE_LOG) / limit, 0.35),
    ],
  };
}

function target(what, value, least) {
  const verdict = value >= least ? Reached : Missed;
  return { what, wanted: `at least ${ratio(least)}`, found: ratio(value), verdict };
}
