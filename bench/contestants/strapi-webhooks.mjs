/**
 * Strapi's built-in webhooks: its own runner, event hub and fetch, taken out of @strapi/core without the rest of Strapi.
 * They sign nothing, record nothing and keep what is due in memory.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { now, serve } from '../run/serve.mjs';
import { makeEvent } from './body.mjs';

const require = createRequire(import.meta.url);
const core = path.dirname(
  createRequire(require.resolve('@strapi/strapi')).resolve('@strapi/core/package.json'),
);
const createEventHub = require(path.join(core, 'dist', 'services', 'event-hub.js'));
const createWebhookRunner = require(path.join(core, 'dist', 'services', 'webhook-runner.js'));
const { createStrapiFetch } = require(path.join(core, 'dist', 'utils', 'fetch.js'));

const EVENT = 'entry.update';
const silent = { debug() {}, info() {}, error: console.error };
const fetch = createStrapiFetch({ log: silent, config: { get: () => undefined } }, { logs: false });

let events = [];
let answered = 0;
let allAnswered = () => {};

const eventHub = createEventHub();
const runner = createWebhookRunner({
  eventHub,
  logger: silent,
  fetch: async (...request) => {
    const answer = await fetch(...request);
    answered += 1;
    if (answered === events.length) allAnswered();
    return answer;
  },
});
runner.add({ id: 1, url: process.env.BENCH_URL, headers: {}, events: [EVENT], isEnabled: true });

serve({
  prepare({ count }) {
    events = Array.from({ length: count }, (_, index) => makeEvent(index + 1));
  },
  async drain() {
    answered = 0;
    const done = new Promise((resolve) => (allAnswered = resolve));
    const startedAt = now();
    for (const event of events) void eventHub.emit(EVENT, event);
    await done;
    return { startedAt, endedAt: now() };
  },
});
