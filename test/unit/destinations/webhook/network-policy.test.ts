import type { LookupAddress } from 'node:dns';
import { describe, expect, it, test } from 'vitest';
import type { Resolve } from '../../../../server/src/destinations/webhook/checked-lookup';
import { httpEndpoint, send, to, webhook } from './endpoint';

const closed = { allowHttp: true, allow: [] };
const HERE: LookupAddress = { address: '127.0.0.1', family: 4 };

/** Answers each lookup with the next of the answers, the last one for ever. */
function resolving(...answers: LookupAddress[][]): Resolve & { asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (hostname, _options, callback) => {
    asked.push(hostname);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    process.nextTick(callback, null, answer ?? []);
  };
  return Object.assign(resolve, { asked });
}

/** An endpoint on 127.0.0.1 that closes each connection, so that each delivery needs a new one. */
function closingEndpoint() {
  return httpEndpoint((request, response) => {
    request.resume();
    response.setHeader('connection', 'close').end();
  });
}

describe('the network policy', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1 is a loopback address'],
    ['2130706433', '127.0.0.1 is a loopback address'],
    ['0177.0.0.1', '127.0.0.1 is a loopback address'],
    ['0x7f.1', '127.0.0.1 is a loopback address'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1 is a loopback address (it stands for 127.0.0.1)'],
    ['[64:ff9b::7f00:1]', '64:ff9b::7f00:1 is a loopback address (it stands for 127.0.0.1)'],
    ['[2002:7f00:1::]', '2002:7f00:1:: is a 6to4 address'],
    ['0.0.0.0', '0.0.0.0 is an unspecified address'],
  ])('refuses the literal address %s before anything is sent', async (host, why) => {
    const endpoint = await closingEndpoint();
    const result = await send(webhook({ policy: closed }), to(`http://${host}:${endpoint.port}/`));
    expect(result.outcome).toEqual({
      kind: 'blocked',
      statusCode: null,
      errorCode: 'blocked_by_network_policy',
      reason: `Refused by the network policy: ${why}; nothing was sent`,
    });
    expect(result.response).toBeNull();
    expect(endpoint.sockets).toHaveLength(0);
  });

  it('refuses localhost by the address that the system gives it', async () => {
    const endpoint = await closingEndpoint();
    const { outcome } = await send(
      webhook({ policy: closed }),
      to(`http://localhost:${endpoint.port}/`),
    );
    expect(outcome).toMatchObject({ kind: 'blocked' });
    expect(outcome.reason).toMatch(
      /localhost resolves to (127\.0\.0\.1|::1), and .* is a loopback/,
    );
    expect(endpoint.sockets).toHaveLength(0);
  });

  it('goes to the address that was checked, and asks once for each connection', async () => {
    const endpoint = await closingEndpoint();
    const resolve = resolving([HERE]);
    const destination = webhook({ resolve });
    const url = `http://hooks.example.com:${endpoint.port}/`;
    expect((await send(destination, to(url))).outcome.kind).toBe('delivered');
    expect(resolve.asked).toEqual(['hooks.example.com']);
    expect(endpoint.sockets).toHaveLength(1);
  });

  test.each([
    ['second', [HERE, { address: '10.0.0.5', family: 4 }]],
    ['first', [{ address: '10.0.0.5', family: 4 }, HERE]],
    ['of another family', [HERE, { address: 'fd00::5', family: 6 }]],
  ])('refuses a name with two addresses when the %s is refused', async (_which, addresses) => {
    const endpoint = await closingEndpoint();
    const { outcome } = await send(
      webhook({ resolve: resolving(addresses) }),
      to(`http://hooks.example.com:${endpoint.port}/`),
    );
    expect(outcome).toMatchObject({ kind: 'blocked', errorCode: 'blocked_by_network_policy' });
    expect(outcome.reason).toMatch(/hooks\.example\.com resolves to (10\.0\.0\.5|fd00::5)/);
    expect(endpoint.sockets).toHaveLength(0);
  });

  it('refuses a name that answers with another address the next time', async () => {
    const endpoint = await closingEndpoint();
    const resolve = resolving([HERE], [{ address: '127.0.0.2', family: 4 }]);
    const destination = webhook({ resolve });
    const url = `http://rebinding.example.com:${endpoint.port}/`;
    expect((await send(destination, to(url))).outcome.kind).toBe('delivered');
    expect((await send(destination, to(url))).outcome).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('127.0.0.2 is a loopback address'),
    });
    expect(endpoint.sockets).toHaveLength(1);
  });

  it('refuses all that wait for the same connection, and lets them through when the name is mended', async () => {
    const endpoint = await closingEndpoint();
    const resolve = resolving([{ address: '192.168.1.1', family: 4 }], [HERE]);
    const destination = webhook({ resolve });
    const url = `http://hooks.example.com:${endpoint.port}/`;
    const ten = await Promise.all(Array.from({ length: 10 }, () => send(destination, to(url))));
    expect(ten.map(({ outcome }) => outcome.kind)).toEqual(Array(10).fill('blocked'));
    expect((await send(destination, to(url))).outcome.kind).toBe('delivered');
  });

  it('lets the next allowed address be tried where the first does not answer', async () => {
    const endpoint = await closingEndpoint();
    const policy = { allowHttp: true, allow: ['127.0.0.0/8'] };
    const elsewhere = { address: '127.0.0.9', family: 4 };
    const url = `http://hooks.example.com:${endpoint.port}/`;
    const both = webhook({ policy, resolve: resolving([elsewhere, HERE]) });
    expect((await send(both, to(url))).outcome.kind).toBe('delivered');
    const neither = webhook({ policy, resolve: resolving([elsewhere, elsewhere]) });
    expect((await send(neither, to(url))).outcome).toMatchObject({
      errorCode: 'ECONNREFUSED',
      reason: `Connection refused by 127.0.0.9:${endpoint.port}`,
    });
  });

  it('tells a name that does not exist from one that is refused', async () => {
    const { outcome } = await send(
      webhook({ resolve: resolving([]) }),
      to('http://gone.example.com:8080/'),
    );
    expect(outcome).toMatchObject({ kind: 'transient', errorCode: 'ENOTFOUND' });
    const invalid = await send(webhook(), to('http://name.invalid:8080/'));
    expect(invalid.outcome.kind).toBe('transient');
    expect(invalid.outcome.reason).toMatch(/^The name name\.invalid /);
  });

  it('refuses plain HTTP where it is not allowed, also of settings that were saved before', async () => {
    const endpoint = await closingEndpoint();
    const policy = { allowHttp: false, allow: ['127.0.0.0/8'] };
    const { outcome } = await send(webhook({ policy }), to(endpoint.port));
    expect(outcome).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('plain HTTP (network.allowHttp is off)'),
    });
    expect(endpoint.sockets).toHaveLength(0);
  });
});
