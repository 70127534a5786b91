/** Readers of feeds, in a process of their own; see run/serve.mjs. */
import { Agent, get } from 'node:http';
import { now, serve } from '../run/serve.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

/** The server has closed what was idle between two turns, or is about to. */
function forgetIdle() {
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets) socket.destroy();
}

/** What is held open: how to let go of it. */
let held = [];

/** @returns {Promise<{ status: number, body: string, headers: object }>} */
function fetchPage({ url, headers }) {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    }).on('error', reject);
  });
}

/** Opens a request and gives each piece of its answer to `heard`, until it is let go. */
function open({ url, headers }, heard) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers });
    request.on('error', () => undefined);
    request.once('error', reject);
    request.on('response', (response) => response.setEncoding('utf8').on('data', heard));
    // A long poll has no answer yet; that it was sent is all that can be known.
    request.on('finish', () => resolve(() => request.destroy()));
    request.end();
  });
}

/** The ids of the subjects in a piece of JSON, as they stand in events. */
const SUBJECT = /"subject":\{"type":"[^"]*","id":"([^"]*)"/g;

serve({
  page: fetchPage,

  /** The same page again and again, by so many clients, for so long; the status of all must be the one that is wanted. */
  async repeat({ url, headers, clients, milliseconds, status }) {
    forgetIdle();
    const until = now() + milliseconds;
    const startedAt = now();
    let pages = 0;
    const read = async () => {
      while (now() < until) {
        const page = await fetchPage({ url, headers });
        if (page.status !== status) throw new Error(`${url}: ${page.status} ${page.body}`);
        pages += 1;
      }
    };
    await Promise.all(Array.from({ length: clients }, read));
    return pages / ((now() - startedAt) / 1_000);
  },

  /** One page after the other; the milliseconds of each. */
  async times({ urls, headers }) {
    forgetIdle();
    const times = [];
    for (const url of urls) {
      const startedAt = now();
      const { status, body } = await fetchPage({ url, headers });
      if (status !== 200) throw new Error(`${url}: ${status} ${body}`);
      times.push(now() - startedAt);
    }
    return times;
  },

  /** Opens so many requests that nothing comes on, and keeps them. */
  async hold({ url, headers, count }) {
    for (let opened = 0; opened < count; opened += 50) {
      const some = Array.from({ length: Math.min(50, count - opened) }, () =>
        open({ url, headers }, () => undefined),
      );
      held.push(...(await Promise.all(some)));
    }
    return held.length;
  },
  letGo() {
    for (const one of held) one();
    held = [];
  },

  /** Reads a stream, or polls and waits, until so many different subjects have come; when each came first. */
  async arrivals({ how, url, headers, count, withinMs }) {
    const arrivals = {};
    const hear = (text) => {
      for (const [, id] of text.matchAll(SUBJECT)) arrivals[id] ??= now();
    };
    const until = now() + withinMs;
    const enough = () => Object.keys(arrivals).length >= count || now() > until;
    if (how === 'stream') {
      const leave = await open({ url, headers }, hear);
      while (!enough()) await new Promise((resolve) => setTimeout(resolve, 20));
      leave();
      return arrivals;
    }
    let since = new URL(url).searchParams.get('since');
    while (!enough()) {
      const next = new URL(url);
      next.searchParams.set('since', since);
      const { status, body } = await fetchPage({ url: next.href, headers });
      if (status !== 200) throw new Error(`${next.href}: ${status} ${body}`);
      hear(body);
      since = JSON.parse(body).meta.cursor;
    }
    return arrivals;
  },
});
