import { errors } from 'undici';
import { describe, expect, it, test } from 'vitest';
import { BlockedAddressError } from '../../../../server/src/destinations/webhook/checked-lookup';
import { readFailure } from '../../../../server/src/destinations/webhook/failure';

const HOST = 'hooks.example.com:8443';

function systemError(message: string, fields: object): Error {
  return Object.assign(new Error(message), fields);
}

describe('an error of the network', () => {
  it('names the address that it was about', () => {
    const refused = { code: 'ECONNREFUSED', address: '93.184.216.34', port: 443 };
    expect(readFailure(systemError('connect', refused), HOST)).toMatchObject({
      code: 'ECONNREFUSED',
      endpoint: '93.184.216.34:443',
    });
    const refusedV6 = { ...refused, address: '2600:1f18::1' };
    expect(readFailure(systemError('connect', refusedV6), HOST).endpoint).toBe(
      '[2600:1f18::1]:443',
    );
  });

  it('of all addresses of a name is the error of the first', () => {
    const all = [
      systemError('connect', { code: 'ECONNREFUSED', address: '2600:1f18::1', port: 443 }),
      systemError('connect', { code: 'ETIMEDOUT', address: '93.184.216.34', port: 443 }),
    ];
    expect(readFailure(new AggregateError(all), HOST)).toMatchObject({
      code: 'ECONNREFUSED',
      endpoint: '[2600:1f18::1]:443',
    });
  });

  it('of the name server names the name', () => {
    const error = systemError('getaddrinfo', { code: 'ENOTFOUND', hostname: 'hooks.example.com' });
    expect(readFailure(error, HOST).endpoint).toBe('hooks.example.com');
  });

  test.each([
    [new errors.SocketError('other side closed'), 'ECONNRESET'],
    [new errors.SocketError('bad response'), 'invalid_answer'],
    [new errors.SocketError('bad upgrade'), 'invalid_answer'],
    [new errors.ConnectTimeoutError('Connect Timeout Error'), 'ETIMEDOUT'],
    [new errors.HeadersOverflowError('Headers Overflow Error'), 'invalid_answer'],
    [new errors.HTTPParserError('Expected HTTP/'), 'invalid_answer'],
    [new errors.ResponseContentLengthMismatchError('mismatch'), 'invalid_answer'],
    [new errors.InvalidArgumentError('invalid x header'), 'invalid_request'],
    [new errors.ClientDestroyedError('destroyed'), 'interrupted'],
    [new errors.ClientClosedError('closed'), 'interrupted'],
    [new BlockedAddressError('10.0.0.5 is a private address'), 'blocked_by_network_policy'],
    [new TypeError('a bug'), 'TypeError'],
  ])('%s has the code %s', (error, code) => {
    expect(readFailure(error, HOST)).toMatchObject({ code, endpoint: HOST });
  });

  test.each(['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'])(
    '%s needs no more words',
    (code) => {
      expect(readFailure(systemError('more words', { code }), HOST).detail).toBeUndefined();
    },
  );

  it('is told in its own words, and in those of TLS rather than the message around them', () => {
    const expired = systemError('certificate has expired', { code: 'CERT_HAS_EXPIRED' });
    expect(readFailure(expired, HOST).detail).toBe('certificate has expired');
    const tls = { code: 'ERR_SSL_X', reason: 'wrong version number' };
    expect(readFailure(systemError('00:error:0A00:ssl.c:354:', tls), HOST).detail).toBe(
      'wrong version number',
    );
    expect(readFailure(new BlockedAddressError('10.0.0.5 is private'), HOST).detail).toBe(
      '10.0.0.5 is private',
    );
  });

  it('about an address without a port, or with fields of another type, is read too', () => {
    const noPort = systemError('route', { code: 'EX', address: '10.0.0.5' });
    expect(readFailure(noPort, HOST).endpoint).toBe('10.0.0.5');
    const odd = systemError('odd', { code: 7, address: 7, port: '7', hostname: 7, reason: 7 });
    expect(readFailure(odd, HOST)).toEqual({ code: 'Error', endpoint: HOST, detail: 'odd' });
    const oddPort = systemError('odd', { code: 'EX', address: '10.0.0.5', port: '7' });
    expect(readFailure(oddPort, HOST).endpoint).toBe('10.0.0.5');
  });

  it('is read whatever was thrown', () => {
    expect(readFailure('nothing', HOST)).toEqual({
      code: 'unknown',
      endpoint: HOST,
      detail: 'nothing',
    });
    expect(readFailure(new AggregateError([]), HOST).code).toBe('AggregateError');
  });
});
