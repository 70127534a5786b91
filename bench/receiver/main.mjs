/**
 * The one receiver of all scenarios, in a process of its own: reads each request to its end, counts it, answers 204.
 * It keeps what arrived when, and every 500th request whole, so that signatures are verified when nothing is measured.
 */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { now, serve } from '../run/serve.mjs';

const SAMPLE_EVERY = 500;

/** An idle keep-alive socket that the server closes may be the one that a client is about to use. */
const KEEP_ALIVE_MS = 600_000;

let delayMs = 0;
let keepBodies = false;
let keepTimes = false;
let run = newRun();

function newRun() {
  return { requests: 0, ids: new Set(), firstAt: 0, lastAt: 0, samples: [], bodies: [], times: [] };
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    run.lastAt = now();
    if (run.requests === 0) run.firstAt = run.lastAt;
    run.requests += 1;
    run.ids.add(request.headers['webhook-id'] ?? request.headers['x-strapi-event']);
    if (run.requests % SAMPLE_EVERY === 1) run.samples.push({ headers: request.headers, chunks });
    if (keepTimes) run.times.push({ at: run.lastAt, id: request.headers['webhook-id'] });
    if (keepBodies) run.bodies.push({ at: run.lastAt, chunks });
    if (delayMs > 0) setTimeout(answer, delayMs, response);
    else answer(response);
  });
});
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.requestTimeout = 0;
server.listen(0, '127.0.0.1');

function answer(response) {
  response.statusCode = 204;
  response.end();
}

/** Endpoints on a host of their own that do what endpoints should not, by path; nothing is counted here. */
const BAD = {
  '/hang': () => undefined,
  '/drip': (response) => {
    response.writeHead(200, { 'content-length': '1000' });
    const drip = setInterval(() => response.write('.'), 1_000);
    response.once('close', () => clearInterval(drip));
  },
  '/fail': (response) => {
    response.statusCode = 500;
    response.end();
  },
};

const badServer = createServer((request, response) => {
  request.resume();
  request.on('end', () => BAD[request.url](response));
});
badServer.keepAliveTimeout = KEEP_ALIVE_MS;
badServer.requestTimeout = 0;
badServer.listen(0, '127.0.0.1');

/** @returns {boolean} whether both signatures of spec §3 fit the bytes that came. */
function isSigned({ headers, chunks }, secret) {
  const body = Buffer.concat(chunks);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const standard = createHmac('sha256', key)
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`)
    .update(body)
    .digest('base64');
  const own = createHmac('sha256', secret).update(body).digest('hex');
  return (
    headers['webhook-signature'] === `v1,${standard}` && headers['x-signature'] === `sha256=${own}`
  );
}

async function portOf(listening) {
  while (!listening.listening) await new Promise((resolve) => setTimeout(resolve, 5));
  return listening.address().port;
}

serve({
  port: () => portOf(server),
  badPort: () => portOf(badServer),
  /** Forgets what came before. `delayMs`: how long it takes over each answer from now on. */
  reset(input = {}) {
    delayMs = input.delayMs ?? 0;
    keepBodies = input.keepBodies ?? false;
    keepTimes = input.keepTimes ?? false;
    run = newRun();
  },
  count: () => run.requests,
  report: ({ secret } = {}) => ({
    requests: run.requests,
    events: run.ids.size,
    firstAt: run.firstAt,
    lastAt: run.lastAt,
    bytes: run.samples[0] ? Buffer.concat(run.samples[0].chunks).length : 0,
    verified: secret ? run.samples.filter((sample) => isSigned(sample, secret)).length : 0,
    samples: run.samples.length,
  }),
  /** When each request arrived, with its `webhook-id`. */
  times: () => run.times,
  /** When the event about each subject arrived first, by the subject's id. */
  arrivals() {
    const arrivals = {};
    for (const { at, chunks } of run.bodies) {
      arrivals[JSON.parse(Buffer.concat(chunks).toString()).subject.id] ??= at;
    }
    return arrivals;
  },
});
