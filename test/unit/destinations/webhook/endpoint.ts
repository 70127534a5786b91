import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { waitFor } from '../../../support/wait-for';
import {
  createWebhookDestination,
  type WebhookOptions,
  type WebhookSettings,
} from '../../../../server/src/destinations/webhook';
import type { Destination, SendResult } from '../../../../server/src/destinations/contract';

export interface Endpoint {
  port: number;
  /** All sockets that were ever accepted. */
  sockets: Socket[];
  /** Those that are still open. */
  open(): Socket[];
  /** Settles when the sender has closed the first socket; undici may have opened a fresh one by then. */
  firstClosed(): Promise<unknown>;
}

/** Listens on 127.0.0.1 until the test has finished. */
export async function listen(server: Server): Promise<Endpoint> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    // The sender may hang up at any moment.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    open: () => sockets.filter((socket) => !socket.destroyed),
    firstClosed: () => waitFor(() => sockets[0]?.destroyed, 3_000, 'the first socket to be closed'),
  };
}

/** An endpoint that speaks whatever `speak` writes once a request has begun to arrive. */
export function rawEndpoint(speak: (socket: Socket) => void): Promise<Endpoint> {
  return listen(createServer((socket) => socket.once('data', () => speak(socket))));
}

export function httpEndpoint(listener: RequestListener): Promise<Endpoint> {
  return listen(createHttpServer(listener));
}

/** A destination that may speak HTTP to 127.0.0.1, closed when the test has finished. */
export function webhook(options: Partial<WebhookOptions> = {}): Destination<WebhookSettings> {
  const policy = { allowHttp: true, allow: ['127.0.0.1/32'] };
  const destination = createWebhookDestination({ policy, ...options });
  onTestFinished(() => destination.close());
  return destination;
}

export const OURS = {
  'Content-Type': 'application/json',
  'User-Agent': 'Newswire/0.1.0',
  'X-Event-Type': 'content.ready',
  'X-Signature': 'sha256=00',
  'webhook-id': 'event-1',
};

/** Settings for a port on 127.0.0.1, or for a whole URL. */
export function to(
  target: number | string,
  settings: Partial<WebhookSettings> = {},
): WebhookSettings {
  const url = typeof target === 'string' ? target : `http://127.0.0.1:${target}/hook?a=1`;
  return { url, headers: {}, timeoutSeconds: 5, ...settings };
}

/** Sends a small event. */
export function send(
  destination: Destination<WebhookSettings>,
  settings: WebhookSettings,
  signal?: AbortSignal,
): Promise<SendResult> {
  return destination.send(
    { settings, headers: OURS, body: '{"event_type":"content.ready"}' },
    signal,
  );
}

/** Does a thing so many times, one after the other. */
export async function oneAfterTheOther<T>(times: number, thing: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < times) results.push(await thing());
  return results;
}
