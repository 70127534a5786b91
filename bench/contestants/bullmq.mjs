/** BullMQ 6 on a Redis of the benchmark's own; completed jobs are kept, as the record of the delivery. */
import { Queue, Worker } from 'bullmq';
import { now, serve } from '../run/serve.mjs';
import { makeEvent } from './body.mjs';
import { signedPost } from './signed-post.mjs';

const QUEUE = 'webhooks';
const CONCURRENCY = 64;

const connection = {
  host: '127.0.0.1',
  port: Number(process.env.BENCH_REDIS_PORT),
  maxRetriesPerRequest: null,
};
const queue = new Queue(QUEUE, { connection });
const { post } = signedPost(process.env.BENCH_URL);

serve({
  async prepare({ count }) {
    const jobs = Array.from({ length: count }, (_, index) => ({
      name: 'webhook',
      data: makeEvent(index + 1),
    }));
    for (let start = 0; start < count; start += 1_000) {
      await queue.addBulk(jobs.slice(start, start + 1_000));
    }
  },
  async drain({ count }) {
    const worker = new Worker(QUEUE, (job) => post(job.data), {
      connection,
      concurrency: CONCURRENCY,
      autorun: false,
    });
    await worker.waitUntilReady();
    let completed = 0;
    const startedAt = now();
    const endedAt = await new Promise((resolve, reject) => {
      worker.on('completed', () => ++completed === count && resolve(now()));
      worker.on('failed', (_job, error) => reject(error));
      worker.on('error', reject);
      void worker.run();
    });
    await worker.close();
    return { startedAt, endedAt };
  },
});
