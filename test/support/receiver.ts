import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { enter } from './leftovers';
import { waitFor } from './wait-for';

export interface ReceivedRequest {
  /** Milliseconds since 1970, when the body had arrived. */
  at: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** The bytes that were signed. */
  body: Buffer;
}

/** What the receiver does with a request, once it has read and recorded it. */
export type Answer =
  | {
      status: number;
      headers?: Record<string, string>;
      body?: string | Buffer;
      /** Milliseconds before the answer. */
      delay?: number;
    }
  /** Never answers, and holds the connection. */
  | { hang: true }
  /** Answers 200 at once, and then a byte of its body at a time, for ever. */
  | { drip: { everyMilliseconds: number } }
  /** Answers 200 and then more body than anyone should read. */
  | { flood: { bytes: number } }
  /** Ends the connection without an answer. */
  | { reset: true };

/** A status stands for an answer without a body. */
export type Script = (Answer | number)[] | ((request: ReceivedRequest, count: number) => Answer);

export interface Receiver {
  /** Every request so far, in the order of arrival. */
  requests: ReceivedRequest[];
  port: number;
  url(path?: string): string;
  /** The answers to come, one after the other; the last one is given from then on. */
  answer(...script: (Answer | number)[]): void;
  answerBy(script: (request: ReceivedRequest, count: number) => Answer): void;
  /** @returns all requests, once there are that many. */
  received(count: number, timeout?: number): Promise<ReceivedRequest[]>;
  /** Refuses connections from now on, as a stopped process does. */
  down(): Promise<void>;
  /** Listens again, on the same port. */
  up(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a receiver of webhooks on 127.0.0.1 that answers 204 until it is told otherwise. */
export async function startReceiver(...script: (Answer | number)[]): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let next: Script = script.length > 0 ? script : [204];
  let answered = 0;
  let server: Server | undefined;
  let port = 0;

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await read(incoming);
    requests.push(request);
    const count = answered++;
    await give(typeof next === 'function' ? next(request, count) : take(next), response);
  };

  const up = async () => {
    if (server) return;
    const starting = createServer((incoming, response) => {
      // The sender may hang up at any moment; what it then misses is the sender's business.
      handle(incoming, response).catch(() => response.destroy());
    });
    // A sender that comes back just when an idle socket is closed sees a reset, which no test here has asked for.
    starting.keepAliveTimeout = 120_000;
    starting.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      starting.once('error', reject);
      starting.listen(port, '127.0.0.1', resolve);
    });
    port = (starting.address() as AddressInfo).port;
    server = starting;
  };

  const down = async () => {
    const stopping = server;
    if (!stopping) return;
    server = undefined;
    const closed = new Promise((resolve) => stopping.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  await up();
  const strikeOff = enter(`receiver on port ${port}`, down);

  return {
    requests,
    port,
    url: (path = '/hook') => `http://127.0.0.1:${port}${path}`,
    answer: (...answers) => void (next = answers),
    answerBy: (decide) => void (next = decide),
    received: async (count, timeout) => {
      const seen = () => `${requests.length} of ${count} requests`;
      await waitFor(() => requests.length >= count, timeout, `${count} requests`).catch((cause) => {
        throw new Error(`The receiver has had ${seen()}`, { cause });
      });
      return requests;
    },
    down,
    up,
    close: async () => {
      strikeOff();
      await down();
    },
  };
}

async function read(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    at: Date.now(),
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}

function take(script: (Answer | number)[]): Answer {
  const answer = (script.length > 1 ? script.shift() : script[0]) ?? 204;
  return typeof answer === 'number' ? { status: answer } : answer;
}

async function give(answer: Answer, response: ServerResponse): Promise<void> {
  if ('hang' in answer) return;
  if ('reset' in answer) {
    response.socket?.resetAndDestroy();
    return;
  }
  if ('drip' in answer) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const timer = setInterval(() => response.write('.'), answer.drip.everyMilliseconds);
    response.once('close', () => clearInterval(timer));
    return;
  }
  if ('flood' in answer) {
    await flood(response, answer.flood.bytes);
    return;
  }
  if (answer.delay) await new Promise((resolve) => setTimeout(resolve, answer.delay));
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

async function flood(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain' });
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
    if (!response.write(chunk)) {
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
    }
  }
  response.end();
}
