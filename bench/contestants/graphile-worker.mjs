/** graphile-worker 0.17 (the last for Node.js 20), as its page on performance recommends: local queue, batched completion. */
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { now, serve } from '../run/serve.mjs';
import { makeEvent } from './body.mjs';
import { signedPost } from './signed-post.mjs';

const connectionString = process.env.BENCH_POSTGRES;
const CONCURRENCY = Number(process.env.BENCH_GRAPHILE_JOBS ?? 24);

const logger = new Logger(() => () => undefined);
const { post } = signedPost(process.env.BENCH_URL);
const pool = new pg.Pool({ connectionString, max: 2 });
let utils;
let sent = 0;

async function left() {
  const { rows } = await pool.query('select count(*)::int as n from graphile_worker._private_jobs');
  return rows[0].n;
}

serve({
  async open() {
    utils = await makeWorkerUtils({ connectionString, logger });
    await utils.migrate();
  },
  async prepare({ count }) {
    const jobs = Array.from({ length: count }, (_, index) => ({
      identifier: 'webhook',
      payload: makeEvent(index + 1),
    }));
    for (let start = 0; start < count; start += 1_000) {
      await utils.addJobs(jobs.slice(start, start + 1_000));
    }
  },
  async drain({ count }) {
    sent = 0;
    const startedAt = now();
    const runner = await run({
      preset: {
        worker: {
          connectionString,
          concurrentJobs: CONCURRENCY,
          maxPoolSize: CONCURRENCY + 1,
          localQueue: { size: 500 },
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
          logger,
        },
      },
      noHandleSignals: true,
      taskList: {
        webhook: async (payload) => {
          await post(payload);
          sent += 1;
        },
      },
    });
    // Looked at only when all have been sent, so that looking costs the queue nothing.
    while (sent < count) await new Promise((resolve) => setTimeout(resolve, 2));
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const endedAt = now();
    await runner.stop();
    return { startedAt, endedAt };
  },
});
