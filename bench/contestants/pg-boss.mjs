/**
 * pg-boss 10 (the last for Node.js 20), in the tuning that was its best: loops that fetch 500 jobs, send them 64 at a time
 * and complete them by one statement, instead of its own `work()`.
 */
import PgBoss from 'pg-boss';
import { now, serve } from '../run/serve.mjs';
import { makeEvent } from './body.mjs';
import { inParallel, signedPost } from './signed-post.mjs';

const QUEUE = 'webhooks';
const BATCH = 500;
const CONCURRENCY = 64;
/** While one batch is sent, the next one is fetched and the last one completed. */
const LOOPS = Number(process.env.BENCH_PGBOSS_LOOPS ?? 2);

const boss = new PgBoss({
  connectionString: process.env.BENCH_POSTGRES,
  supervise: false,
  schedule: false,
});
boss.on('error', (error) => console.error(error));
const { post } = signedPost(process.env.BENCH_URL);

async function fetchLoop() {
  for (;;) {
    const jobs = await boss.fetch(QUEUE, { batchSize: BATCH });
    if (jobs.length === 0) return;
    await inParallel(jobs, CONCURRENCY / LOOPS, (job) => post(job.data));
    await boss.complete(
      QUEUE,
      jobs.map((job) => job.id),
    );
  }
}

serve({
  async open() {
    await boss.start();
    await boss.createQueue(QUEUE);
  },
  async prepare({ count }) {
    const jobs = Array.from({ length: count }, (_, index) => ({
      name: QUEUE,
      data: makeEvent(index + 1),
    }));
    for (let start = 0; start < count; start += 1_000) {
      await boss.insert(jobs.slice(start, start + 1_000));
    }
  },
  async drain() {
    const startedAt = now();
    await Promise.all(Array.from({ length: LOOPS }, fetchLoop));
    return { startedAt, endedAt: now() };
  },
});
