import { createServer } from 'node:http';
import { createJournal } from './journal.mjs';
import { findFault } from './signatures.mjs';
import { oneLine, summaryOf } from './summary.mjs';

const MAX_BODY_BYTES = 1024 * 1024;

/** Longer than a subscription's default time-out of 15 s, so that the sender gives up first. */
const SLOW_MILLISECONDS = 20_000;

const MODES = ['ok', 'down', '404', 'slow'];

class TooLarge extends Error {}

/**
 * A receiver as a partner would write it: check the signature over the raw body, answer at once, and take
 * an event that comes twice only once.
 *
 * @param {object} options
 * @param {() => Map<string, string>} options.secrets secret by key id
 * @param {(line: Line) => void} options.print
 * @returns {import('node:http').Server}
 *
 * @typedef {object} Line
 * @property {'verified' | 'repeated' | 'refused' | 'notice'} kind
 * @property {string} text
 * @property {string} [type] event type
 * @property {number} [sequence]
 * @property {string} [actor]
 * @property {string} [attempt]
 * @property {number} [latency] milliseconds from the change to its arrival here
 */
export function createReceiver({ secrets, print }) {
  const journal = createJournal();
  let mode = 'ok';

  const routes = {
    'GET /events': async (request, response) => answer(response, 200, { data: journal.events }),
    'GET /control': async (request, response) => answer(response, 200, { mode }),
    'POST /control': async (request, response) => {
      const wanted = parse(await bodyOf(request))?.mode;
      if (!MODES.includes(wanted)) {
        return answer(response, 400, { error: `mode must be one of ${MODES.join(', ')}` });
      }
      mode = wanted;
      print({ kind: 'notice', text: `from now on: ${describe(mode)}` });
      return answer(response, 200, { mode });
    },
    'POST /webhooks': async (request, response) => {
      const body = await bodyOf(request);
      if (mode === 'down' || mode === '404') {
        const status = mode === 'down' ? 503 : 404;
        print({ ...lineOf(request), kind: 'refused', text: `answered ${status}, as told to` });
        return answer(response, status, { error: 'This receiver was told to fail' });
      }
      const { status, error } = receive(request, body);
      if (mode === 'slow') {
        await pause(SLOW_MILLISECONDS, response);
      }
      return answer(response, status, error && { error });
    },
  };

  /** Verified, known or refused: prints its one line and says what to answer. */
  function receive(request, body) {
    const now = new Date();
    const line = lineOf(request);
    const fault = findFault({ headers: request.headers, body }, secrets(), now);
    const event = fault === null ? parse(body) : null;
    if (event === null) {
      const error = fault ?? 'the body is no JSON object';
      print({ ...line, kind: 'refused', text: error });
      return { status: fault ? 401 : 400, error };
    }
    const latency = now.getTime() - Date.parse(event.occurred_at);
    const text = summaryOf(event);
    const seen = {
      ...line,
      text,
      type: event.event_type,
      sequence: event.sequence_number,
      actor: event.actor?.display_name ?? event.actor?.type,
      latency,
    };
    const key = request.headers['x-idempotency-key'] ?? event.event_id;
    if (!journal.isNew(key)) {
      print({ ...seen, kind: 'repeated' });
      return { status: 204 };
    }
    journal.add({
      received_at: now.toISOString(),
      attempt: Number(line.attempt),
      latency_ms: latency,
      summary: text,
      event,
    });
    print({ ...seen, kind: 'verified' });
    return { status: 204 };
  }

  return createServer((request, response) => {
    const path = new URL(request.url, 'http://receiver').pathname;
    const route = routes[`${request.method} ${path}`];
    if (!route) {
      answer(response, 404, { error: `POST /webhooks, POST /control or GET /events` });
      return;
    }
    route(request, response).catch((error) => {
      if (error instanceof TooLarge) {
        print({ ...lineOf(request), kind: 'refused', text: 'larger than 1 MiB' });
        answer(response, 413, { error: 'larger than 1 MiB' });
        return;
      }
      // The sender hung up in the middle: nobody is left to answer.
      response.destroy();
    });
  });
}

function describe(mode) {
  return {
    ok: 'answering 204',
    down: 'answering 503, so that deliveries are retried',
    404: 'answering 404, so that deliveries become dead letters',
    slow: `answering after ${SLOW_MILLISECONDS / 1000} s, so that deliveries time out`,
  }[mode];
}

/** What is known of a delivery before its signature has been checked. */
function lineOf(request) {
  const { 'x-event-type': type = '', 'x-delivery-attempt': attempt = '1' } = request.headers;
  return { type: oneLine(type), attempt: oneLine(attempt) };
}

/** The raw body. One that is too large is read to its end but not kept, so that the sender hears why. */
function bodyOf(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    request.on('data', (chunk) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      } else {
        reject(new TooLarge());
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function parse(body) {
  try {
    const value = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Ends early when the sender hangs up, so that no timer outlives its request. */
function pause(milliseconds, response) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function answer(response, status, body) {
  if (response.headersSent || response.destroyed) {
    return;
  }
  if (!body) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    // A body that was not read to the end must not be taken for the next request.
    ...(status === 413 ? { Connection: 'close' } : {}),
  });
  response.end(text);
}
