import { createServer, type ServerOptions } from 'node:https';
import { describe, expect, it, test, vi } from 'vitest';
import { AUTHORITY, EXPIRED, FOR_ELSEWHERE, FOR_LOCALHOST, KEY } from './certificates';
import { httpEndpoint, listen, oneAfterTheOther, send, to, webhook } from './endpoint';

async function tlsEndpoint(options: ServerOptions) {
  let requests = 0;
  const server = createServer({ key: KEY, ...options }, (request, response) => {
    request.resume();
    requests += 1;
    response.end('over TLS');
  });
  // The client hangs up on a certificate that it does not like.
  server.on('tlsClientError', () => undefined);
  const endpoint = await listen(server);
  return { ...endpoint, requests: () => requests, url: `https://localhost:${endpoint.port}/hook` };
}

const policy = { allowHttp: false, allow: ['127.0.0.0/8', '::1/128'] };
const trusting = { policy, certificateAuthorities: [AUTHORITY] };

/** With a few words of OpenSSL's, which differ from one version to the next, and not its whole dump. */
const NO_TLS =
  /^No secure connection to localhost:\d+ by TLS 1\.2 or newer: [a-z0-9 ]+ \(ERR_SSL_[A-Z0-9_]+\)$/;

describe('HTTPS', () => {
  it('delivers to a certificate that an authority we trust has signed', async () => {
    const endpoint = await tlsEndpoint({ cert: FOR_LOCALHOST });
    const destination = webhook(trusting);
    for (const url of [endpoint.url, `https://127.0.0.1:${endpoint.port}/hook`]) {
      const { outcome, response } = await send(destination, to(url));
      expect(outcome).toMatchObject({ kind: 'delivered', statusCode: 200 });
      expect(response?.body).toBe('over TLS');
    }
  });

  test.each([
    ['whose authority nobody knows', FOR_LOCALHOST, { policy }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['that has expired', EXPIRED, trusting, 'CERT_HAS_EXPIRED'],
    ['for another name', FOR_ELSEWHERE, trusting, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('sends nothing to a certificate %s', async (_which, cert, options, errorCode) => {
    const endpoint = await tlsEndpoint({ cert });
    const destination = webhook(options);
    const results = await oneAfterTheOther(2, () => send(destination, to(endpoint.url)));
    for (const { outcome } of results) {
      expect(outcome).toMatchObject({ kind: 'transient', statusCode: null, errorCode });
      expect(outcome.reason).toMatch(/^The certificate of localhost:\d+ was refused: /);
    }
    expect(endpoint.requests()).toBe(0);
  });

  it('verifies certificates also where the environment says not to', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const endpoint = await tlsEndpoint({ cert: EXPIRED });
    const { outcome } = await send(webhook(trusting), to(endpoint.url));
    expect(outcome).toMatchObject({ kind: 'transient', errorCode: 'CERT_HAS_EXPIRED' });
    expect(endpoint.requests()).toBe(0);
  });

  it('sends nothing by a TLS older than 1.2', async () => {
    const endpoint = await tlsEndpoint({
      cert: FOR_LOCALHOST,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const { outcome } = await send(webhook(trusting), to(endpoint.url));
    expect(outcome).toMatchObject({ kind: 'transient', statusCode: null });
    expect(outcome.reason).toMatch(NO_TLS);
    expect(endpoint.requests()).toBe(0);
  });

  it('says so where the endpoint does not speak TLS at all', async () => {
    const endpoint = await httpEndpoint((_request, response) => response.end());
    const { outcome } = await send(webhook(trusting), to(`https://localhost:${endpoint.port}/`));
    expect(outcome).toMatchObject({ kind: 'transient', statusCode: null });
    expect(outcome.reason).toMatch(NO_TLS);
  });

  it('checks the address behind a name as it does without TLS', async () => {
    const endpoint = await tlsEndpoint({ cert: FOR_LOCALHOST });
    const closed = { policy: { allowHttp: false, allow: [] }, certificateAuthorities: [AUTHORITY] };
    const { outcome } = await send(webhook(closed), to(endpoint.url));
    expect(outcome).toMatchObject({ kind: 'blocked', statusCode: null });
    expect(endpoint.sockets).toHaveLength(0);
  });
});
