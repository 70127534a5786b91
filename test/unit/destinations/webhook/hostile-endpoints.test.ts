import { createServer } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { startReceiver } from '../../../support/receiver';
import { waitFor } from '../../../support/wait-for';
import { httpEndpoint, listen, rawEndpoint, send, to, webhook } from './endpoint';

const MiB = 1024 * 1024;
const SHORT = { timeoutSeconds: 0.3 };

/** Milliseconds after its deadline at which a short attempt must have ended, on a busy machine. */
const GRACE = 2_000;

describe('an endpoint that takes its time', () => {
  it('and never answers is a time-out, and its socket is closed', async () => {
    const endpoint = await httpEndpoint(() => undefined);
    const result = await send(webhook(), to(endpoint.port, SHORT));
    expect(result.outcome).toEqual({
      kind: 'transient',
      statusCode: null,
      errorCode: 'timed_out',
      reason: `No complete answer from 127.0.0.1:${endpoint.port} within 0.3 s`,
    });
    expect(result.response).toBeNull();
    expect(result.durationMs).toBeGreaterThanOrEqual(300);
    expect(result.durationMs).toBeLessThan(300 + GRACE);
    await endpoint.firstClosed();
  });

  it('and sends a 2xx whose body never ends is a time-out too, with what came of it', async () => {
    const receiver = await startReceiver({ drip: { everyMilliseconds: 20 } });
    const result = await send(webhook(), to(receiver.port, SHORT));
    expect(result.outcome).toMatchObject({
      kind: 'transient',
      statusCode: 200,
      errorCode: 'timed_out',
      reason: expect.stringContaining(
        'The endpoint answered 200 OK, but not to the end: no complete',
      ),
    });
    expect(result.response?.body).toMatch(/^\.+$/);
    expect(result.durationMs).toBeLessThan(300 + GRACE);
    await receiver.close();
  });

  it('and drips its header section is a time-out', async () => {
    const endpoint = await rawEndpoint((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('X-A: b\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
    });
    const { outcome, response } = await send(webhook(), to(endpoint.port, SHORT));
    expect(outcome).toMatchObject({ kind: 'transient', statusCode: null, errorCode: 'timed_out' });
    expect(response).toBeNull();
    await endpoint.firstClosed();
  });

  it('does not hold up another', async () => {
    const slow = await httpEndpoint(() => undefined);
    const fast = await startReceiver();
    const destination = webhook();
    const hung = Array.from({ length: 50 }, () =>
      send(destination, to(slow.port, { timeoutSeconds: 1 })),
    );
    const started = performance.now();
    expect((await send(destination, to(fast.port))).outcome.kind).toBe('delivered');
    expect(performance.now() - started).toBeLessThan(GRACE);
    expect(
      (await Promise.all(hung)).every(({ outcome }) => outcome.errorCode === 'timed_out'),
    ).toBe(true);
    await fast.close();
  });

  it('keeps a request that waited too long for a socket from ever being sent', async () => {
    let answered = 0;
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      answered += 1;
      setTimeout(() => response.end(), 500);
    });
    const destination = webhook({ connectionsPerOrigin: 1 });
    const first = send(destination, to(endpoint.port));
    await waitFor(() => answered === 1);
    const { outcome } = await send(destination, to(endpoint.port, SHORT));
    expect(outcome).toMatchObject({ kind: 'transient', errorCode: 'timed_out' });
    expect((await first).outcome.kind).toBe('delivered');
    expect((await send(destination, to(endpoint.port))).outcome.kind).toBe('delivered');
    expect(answered).toBe(2);
  });

  it('does not answer the connection itself within the deadline either', async () => {
    const endpoint = await httpEndpoint((_request, response) => response.end());
    const resolve = (
      _hostname: string,
      _options: object,
      callback: (error: null, addresses: { address: string; family: number }[]) => void,
    ) => void setTimeout(() => callback(null, [{ address: '127.0.0.1', family: 4 }]), 600);
    const destination = webhook({ resolve });
    const url = `http://slow-dns.example:${endpoint.port}/`;
    const { outcome, durationMs } = await send(destination, to(url, SHORT));
    expect(outcome).toMatchObject({ kind: 'transient', errorCode: 'timed_out' });
    expect(durationMs).toBeLessThan(300 + GRACE);
    let requests = 0;
    for (const socket of endpoint.sockets) socket.on('data', () => (requests += 1));
    await new Promise((done) => setTimeout(done, 600));
    expect(requests).toBe(0);
  });
});

describe('an endpoint that says too much', () => {
  it('in its body is read for 64 KiB, kept for 4 KiB, and judged by its status', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.writeHead(200).end('x'.repeat(65 * 1024));
    });
    const { outcome, response } = await send(webhook(), to(endpoint.port));
    expect(outcome).toMatchObject({ kind: 'delivered', statusCode: 200 });
    expect(response).toMatchObject({ body: 'x'.repeat(4096), truncated: true });
    await endpoint.firstClosed();
  });

  it('for 300 MiB is cut off without the memory growing', async () => {
    let sent = 0;
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.writeHead(500);
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const pour = () => {
        while (sent < 300 * MiB && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', pour);
        }
        response.end();
      };
      pour();
    });
    const destination = webhook();
    await send(destination, to(endpoint.port));
    sent = 0;
    const before = process.memoryUsage();
    const results = [];
    for (let i = 0; i < 20; i += 1) results.push(await send(destination, to(endpoint.port)));
    const after = process.memoryUsage();
    expect(results.every(({ outcome }) => outcome.statusCode === 500)).toBe(true);
    expect(results.every(({ response }) => response?.body.length === 4096)).toBe(true);
    expect(sent).toBeLessThan(20 * 8 * MiB);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16 * MiB);
    expect(after.rss - before.rss).toBeLessThan(64 * MiB);
    await endpoint.firstClosed();
    expect(endpoint.open().length).toBeLessThanOrEqual(2);
  });

  it('in its header section is invalid', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.writeHead(200, { 'X-Long': 'x'.repeat(32 * 1024) }).end();
    });
    expect((await send(webhook(), to(endpoint.port))).outcome).toMatchObject({
      kind: 'transient',
      errorCode: 'invalid_answer',
    });
  });

  it('in header fields that are still valid has 4 KiB of them kept', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.writeHead(200, { 'X-First': 'a', 'X-Long': 'x'.repeat(5_000), 'X-Last': 'b' }).end();
    });
    const { outcome, response } = await send(webhook(), to(endpoint.port));
    expect(outcome.kind).toBe('delivered');
    expect(response).toEqual({ headers: { 'x-first': 'a' }, body: '', truncated: true });
  });

  it('in interim answers is invalid after some', async () => {
    const endpoint = await rawEndpoint((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 2);
      socket.once('close', () => clearInterval(timer));
    });
    const { outcome } = await send(webhook(), to(endpoint.port));
    expect(outcome).toMatchObject({ kind: 'transient', errorCode: 'invalid_answer' });
    expect(outcome.reason).toContain('interim answers');
    await endpoint.firstClosed();
  });
});

describe('an endpoint whose answer', () => {
  const ok = 'HTTP/1.1 200 OK\r\n';

  test.each([
    ['is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'invalid_answer', null],
    ['is binary', '\u0016\u0003\u0001\u0000\u0005', 'invalid_answer', null],
    ['has a status that is no number', 'HTTP/1.1 OK\r\n\r\n', 'invalid_answer', null],
    ['has an invalid header', `${ok}X A: b\r\n\r\n`, 'invalid_answer', null],
    [
      'has two lengths',
      `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      'invalid_answer',
      null,
    ],
    [
      'has a length and is chunked',
      `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
      'invalid_answer',
      null,
    ],
    ['has a broken chunk', `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'invalid_answer', 200],
    [
      'is an upgrade nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      'invalid_answer',
      null,
    ],
    ['is 100 Continue, unasked', 'HTTP/1.1 100 Continue\r\n\r\n', 'invalid_answer', null],
    ['never begins before the end', '', 'ECONNRESET', null],
    ['ends in its header section', 'HTTP/1.1 200 OK\r\nX-A', 'ECONNRESET', null],
    ['is shorter than its length', `${ok}Content-Length: 100\r\n\r\nabc`, 'ECONNRESET', 200],
    ['ends within its chunks', `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nab`, 'ECONNRESET', 200],
  ])('%s is transient', async (_what, bytes, errorCode, statusCode) => {
    const endpoint = await rawEndpoint((socket) => socket.end(bytes));
    const { outcome } = await send(webhook(), to(endpoint.port));
    expect(outcome).toMatchObject({ kind: 'transient', errorCode, statusCode });
    await endpoint.firstClosed();
  });

  test.each([
    ['999 Odd', 'transient'],
    ['299 Fine', 'delivered'],
  ])('has the odd status %s is %s', async (status, kind) => {
    const endpoint = await rawEndpoint((socket) =>
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`),
    );
    expect((await send(webhook(), to(endpoint.port))).outcome).toMatchObject({
      kind,
      statusCode: Number(status.slice(0, 3)),
    });
  });

  it('ends with the connection, as in HTTP/1.0, is whole', async () => {
    const endpoint = await rawEndpoint((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'));
    const { outcome, response } = await send(webhook(), to(endpoint.port));
    expect(outcome).toMatchObject({ kind: 'delivered' });
    expect(response?.body).toBe('all of it');
  });

  it('is reset before it begins is transient', async () => {
    const receiver = await startReceiver({ reset: true });
    expect((await send(webhook(), to(receiver.port))).outcome).toMatchObject({
      kind: 'transient',
      statusCode: null,
      errorCode: 'ECONNRESET',
      reason: `The connection was closed by 127.0.0.1:${receiver.port} before its answer was complete`,
    });
    await receiver.close();
  });

  it('is reset within its body is transient, and keeps what had come', async () => {
    const endpoint = await rawEndpoint((socket) => {
      socket.write(`${ok}Content-Length: 100\r\n\r\nhalf`);
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    const { outcome, response } = await send(webhook(), to(endpoint.port));
    expect(outcome).toMatchObject({ kind: 'transient', statusCode: 200, errorCode: 'ECONNRESET' });
    expect(response?.body).toBe('half');
  });

  it('comes as the socket is accepted, before any request, is not taken for one', async () => {
    const endpoint = await listen(
      createServer((socket) => void socket.write(`${ok}Content-Length: 0\r\n\r\n`)),
    );
    const { outcome } = await send(webhook(), to(endpoint.port, SHORT));
    expect(['delivered', 'transient']).toContain(outcome.kind);
    expect(outcome.reason).not.toBe('');
  });
});
