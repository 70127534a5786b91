import { describe, expect, it, test } from 'vitest';
import { startReceiver } from '../../../support/receiver';
import { waitFor } from '../../../support/wait-for';
import { httpEndpoint, oneAfterTheOther, OURS, send, to, webhook } from './endpoint';

describe('sending', () => {
  it('posts the very bytes with our headers and the custom ones', async () => {
    const receiver = await startReceiver();
    const body = '{"title":"Größe \\u0000"}';
    const settings = to(receiver.port, { headers: { 'X-Tenant': 'northlight' } });
    for (const bytes of [body, Buffer.from(body)]) {
      await webhook().send({ settings, headers: OURS, body: bytes });
    }
    for (const request of receiver.requests) {
      expect(request).toMatchObject({ method: 'POST', path: '/hook?a=1' });
      expect(request.body.toString()).toBe(body);
      expect(request.headers).toEqual({
        host: `127.0.0.1:${receiver.port}`,
        connection: 'keep-alive',
        'content-length': String(Buffer.byteLength(body)),
        'content-type': 'application/json',
        'user-agent': 'Newswire/0.1.0',
        'x-event-type': 'content.ready',
        'x-signature': 'sha256=00',
        'webhook-id': 'event-1',
        'x-tenant': 'northlight',
      });
    }
    await receiver.close();
  });

  it('tells what was sent, what came back, when and how long it took', async () => {
    const receiver = await startReceiver({
      status: 202,
      headers: { 'X-Request-Id': 'r-7', 'Content-Type': 'text/plain' },
      body: 'queued',
      delay: 60,
    });
    const before = Date.now();
    const result = await send(webhook(), to(receiver.port));
    expect(result).toMatchObject({
      outcome: {
        kind: 'delivered',
        statusCode: 202,
        errorCode: null,
        reason: 'The endpoint answered 202 Accepted',
      },
      request: { headers: OURS },
      response: {
        headers: { 'x-request-id': 'r-7', 'content-type': 'text/plain' },
        body: 'queued',
        truncated: false,
      },
    });
    expect(result.startedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(result.startedAt.getTime()).toBeLessThanOrEqual(Date.now() - 55);
    expect(result.durationMs).toBeGreaterThan(55);
    expect(result.durationMs).toBeLessThan(Date.now() - before + 20);
    await receiver.close();
  });

  test.each([
    [204, 'delivered'],
    [404, 'permanent'],
    [410, 'permanent'],
    [429, 'transient'],
    [503, 'transient'],
  ])('takes an answer of %i for %s', async (status, kind) => {
    const receiver = await startReceiver({ status, headers: { 'retry-after': '7' } });
    const { outcome } = await send(webhook(), to(receiver.port));
    expect(outcome).toMatchObject({ kind, statusCode: status });
    expect('retryAfterMs' in outcome).toBe(status === 429 || status === 503);
    await receiver.close();
  });

  test.each([301, 302, 303, 307, 308])('never follows a redirect by %i', async (status) => {
    const inside = await startReceiver();
    const receiver = await startReceiver({ status, headers: { location: inside.url() } });
    const { outcome, response } = await send(webhook(), to(receiver.port));
    expect(outcome).toMatchObject({ kind: 'permanent', statusCode: status });
    expect(response?.headers['location']).toBe(inside.url());
    expect([receiver.requests.length, inside.requests.length]).toEqual([1, 0]);
    await Promise.all([receiver.close(), inside.close()]);
  });
});

describe('custom headers', () => {
  it('never override ours, nor the framing of the message, whatever their case', async () => {
    const receiver = await startReceiver();
    const headers = {
      'x-signature': 'forged',
      'X-SIGNATURE-KID': 'forged',
      'Webhook-Id': 'forged',
      'webhook-signature': 'forged',
      'content-type': 'forged',
      'USER-agent': 'forged',
      'x-delivery-attempt': 'forged',
      'X-Replay': 'forged',
      HOST: 'evil.example',
      'Content-Length': '1',
      'transfer-encoding': 'chunked',
      Connection: 'close',
      expect: '100-continue',
      Upgrade: 'websocket',
      'proxy-authorization': 'forged',
      'X-Kept': 'yes',
    };
    const { request } = await send(webhook(), to(receiver.port, { headers }));
    const received = receiver.requests[0]!.headers;
    expect(Object.values(received)).not.toContain('forged');
    expect(received).toMatchObject({
      'x-signature': 'sha256=00',
      'webhook-id': 'event-1',
      host: `127.0.0.1:${receiver.port}`,
      connection: 'keep-alive',
      'x-kept': 'yes',
    });
    expect(request.headers).toEqual({ ...OURS, 'X-Kept': 'yes' });
    await receiver.close();
  });

  it('lose to a header of ours that is not on the list of ours', async () => {
    const receiver = await startReceiver();
    const settings = to(receiver.port, { headers: { 'x-new': 'custom' } });
    await webhook().send({ settings, headers: { ...OURS, 'X-New': 'ours' }, body: '{}' });
    expect(receiver.requests[0]!.headers['x-new']).toBe('ours');
    await receiver.close();
  });

  test.each(['a\r\nX-Evil: 1', 'a\nX-Evil: 1', 'snow ☃'])(
    'with the value %j are not sent, and neither is the rest',
    async (value) => {
      const endpoint = await httpEndpoint((_request, response) => response.end());
      const { outcome } = await send(
        webhook(),
        to(endpoint.port, { headers: { 'X-Tenant': value } }),
      );
      expect(outcome).toEqual({
        kind: 'permanent',
        statusCode: null,
        errorCode: 'invalid_request',
        reason:
          "The request could not be built from the subscription's settings: invalid X-Tenant header",
      });
      expect(endpoint.sockets).toHaveLength(0);
    },
  );

  it('that are credentials arrive as they are, and are masked in what is kept', async () => {
    const receiver = await startReceiver({
      status: 400,
      headers: { 'set-cookie': 'session=1', 'x-echo': 'opensesame-1' },
      body: '{"got":"Bearer opensesame-1","raw":"opensesame-1","password":"x"}',
    });
    const headers = { Authorization: 'Bearer opensesame-1', 'X-Tenant': 'northlight' };
    const result = await send(webhook(), to(receiver.port, { headers }));
    expect(receiver.requests[0]!.headers['authorization']).toBe('Bearer opensesame-1');
    expect(result.request.headers).toMatchObject({
      Authorization: '••••••••',
      'X-Tenant': 'northlight',
    });
    expect(JSON.stringify(result)).not.toMatch(/opensesame|session=1|"x"/);
    expect(result.response?.headers['set-cookie']).toBe('••••••••');
    await receiver.close();
  });
});

describe('settings that are no address', () => {
  test.each(['', 'hooks.example.com', 'ftp://127.0.0.1/', 'http://', 'http://[::1'])(
    '"%s" are a permanent outcome, not an exception',
    async (url) => {
      expect((await send(webhook(), to(url))).outcome).toMatchObject({
        kind: 'permanent',
        errorCode: 'invalid_request',
        reason: expect.stringContaining(`"${url}" is not an HTTP URL`),
      });
    },
  );

  it('a wrong policy is an error where the destination is made', () => {
    expect(() => webhook({ policy: { allowHttp: true, allow: ['10.0.0.1'] } })).toThrow(
      'network.allow[0]: "10.0.0.1" is not a CIDR range',
    );
  });
});

describe('sockets', () => {
  it('are used again by the next delivery', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.end('thanks');
    });
    const destination = webhook();
    await oneAfterTheOther(20, () => send(destination, to(endpoint.port)));
    expect(endpoint.sockets).toHaveLength(1);
  });

  it('are used again after every whole answer, be it an error with a body', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.writeHead(500).end('x'.repeat(60_000));
    });
    const destination = webhook();
    await oneAfterTheOther(20, () => send(destination, to(endpoint.port)));
    expect(endpoint.sockets).toHaveLength(1);
  });

  it('are no more than deliveries at once, though the next is sent as soon as one has ended', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.writeHead(204).end();
    });
    const destination = webhook();
    const worker = () => oneAfterTheOther(20, () => send(destination, to(endpoint.port)));
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(endpoint.sockets).toHaveLength(8);
  });

  it('are as many as deliveries at once, up to the limit', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      setTimeout(() => response.end(), 30);
    });
    const all = (connectionsPerOrigin: number) => {
      const destination = webhook({ connectionsPerOrigin });
      return Promise.all(Array.from({ length: 20 }, () => send(destination, to(endpoint.port))));
    };
    const results = await all(4);
    expect(results.every(({ outcome }) => outcome.kind === 'delivered')).toBe(true);
    expect(endpoint.sockets).toHaveLength(4);
    await all(64);
    expect(endpoint.sockets).toHaveLength(24);
  });

  it('are closed by close(), after what is under way', async () => {
    const receiver = await startReceiver({ status: 200, delay: 80 });
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.end();
    });
    const destination = webhook();
    await send(destination, to(endpoint.port));
    expect(endpoint.open()).toHaveLength(1);
    const underWay = send(destination, to(receiver.port));
    await receiver.received(1);
    await destination.close();
    expect((await underWay).outcome.kind).toBe('delivered');
    await waitFor(() => endpoint.open().length === 0);
    expect((await send(destination, to(endpoint.port))).outcome).toMatchObject({
      kind: 'transient',
      errorCode: 'interrupted',
    });
    expect(endpoint.sockets).toHaveLength(1);
    await receiver.close();
  });

  it('that the endpoint closes after each answer are replaced', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.setHeader('connection', 'close').end();
    });
    const destination = webhook();
    const results = await oneAfterTheOther(20, () => send(destination, to(endpoint.port)));
    expect(results.every(({ outcome }) => outcome.kind === 'delivered')).toBe(true);
    expect(endpoint.sockets).toHaveLength(20);
  });

  it('are refused where nobody listens, and the reason says where', async () => {
    const receiver = await startReceiver();
    await receiver.down();
    const destination = webhook();
    const refused = await oneAfterTheOther(3, () => send(destination, to(receiver.port)));
    for (const { outcome } of refused) {
      expect(outcome).toEqual({
        kind: 'transient',
        statusCode: null,
        errorCode: 'ECONNREFUSED',
        reason: `Connection refused by 127.0.0.1:${receiver.port}`,
      });
    }
    await receiver.up();
    expect((await send(destination, to(receiver.port))).outcome.kind).toBe('delivered');
    await receiver.close();
  });
});

describe('closing', () => {
  it('ends for everyone who asks for it when the last that is under way has ended', async () => {
    const receiver = await startReceiver({ status: 204, delay: 60 });
    const destination = webhook();
    const attempts = [1, 2].map(() => send(destination, to(receiver.port)));
    await receiver.received(2);
    await Promise.all([destination.close(), destination.close()]);
    for (const attempt of attempts) expect((await attempt).outcome.kind).toBe('delivered');
    await receiver.close();
  });

  it('does not wait for a connection that nobody waits for any more', async () => {
    const destination = webhook({ resolve: () => undefined });
    const url = 'http://dead-dns.example/';
    const attempt = await send(destination, to(url, { timeoutSeconds: 0.1 }));
    expect(attempt.outcome.errorCode).toBe('timed_out');
    const started = performance.now();
    await destination.close();
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('a signal', () => {
  it('ends an attempt under way as interrupted, and its socket', async () => {
    const endpoint = await httpEndpoint(() => undefined);
    const stop = new AbortController();
    const started = performance.now();
    const underWay = send(webhook(), to(endpoint.port), stop.signal);
    await waitFor(() => endpoint.sockets.length === 1);
    stop.abort();
    const { outcome, response } = await underWay;
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(outcome).toMatchObject({
      kind: 'transient',
      statusCode: null,
      errorCode: 'interrupted',
    });
    expect(response).toBeNull();
    await endpoint.firstClosed();
  });

  it('that has aborted already keeps an attempt from being made', async () => {
    const endpoint = await httpEndpoint((_request, response) => response.end());
    const { outcome } = await send(webhook(), to(endpoint.port), AbortSignal.abort());
    expect(outcome).toMatchObject({ kind: 'transient', errorCode: 'interrupted' });
    expect(endpoint.sockets).toHaveLength(0);
  });
});
