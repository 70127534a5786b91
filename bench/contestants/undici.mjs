/** The limit: plain undici posting signed events that are ready in memory, and nothing recorded. */
import { now, serve } from '../run/serve.mjs';
import { makeEvent } from './body.mjs';
import { inParallel, signedPost } from './signed-post.mjs';

const CONCURRENCY = 64;

const { post } = signedPost(process.env.BENCH_URL);
let events = [];

serve({
  prepare({ count }) {
    events = Array.from({ length: count }, (_, index) => {
      const event = makeEvent(index + 1);
      return { event, body: JSON.stringify(event) };
    });
  },
  async drain() {
    const startedAt = now();
    await inParallel(events, CONCURRENCY, ({ event, body }) => post(event, body));
    return { startedAt, endedAt: now() };
  },
});
