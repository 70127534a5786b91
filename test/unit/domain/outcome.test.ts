import { STATUS_CODES } from 'node:http';
import { describe, expect, it, test } from 'vitest';
import {
  BLOCKED,
  INTERRUPTED,
  INVALID_ANSWER,
  INVALID_REQUEST,
  judgeAnswer,
  judgeFailure,
  TIMED_OUT,
} from '../../../server/src/domain/outcome';

const now = new Date('2026-01-17T14:32:00.000Z');
const DAY = 24 * 3600 * 1000;

function judge(status: number, retryAfter?: string | string[]) {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  return judgeAnswer({ status, headers, now });
}

describe('an answer', () => {
  test.each([
    [200, 'delivered', 'The endpoint answered 200 OK'],
    [201, 'delivered', 'The endpoint answered 201 Created'],
    [202, 'delivered', 'The endpoint answered 202 Accepted'],
    [204, 'delivered', 'The endpoint answered 204 No Content'],
    [206, 'delivered', 'The endpoint answered 206'],
    [299, 'delivered', 'The endpoint answered 299'],
    [300, 'permanent', 'The endpoint answered 300; a redirect is never followed'],
    [301, 'permanent', 'The endpoint answered 301 Moved Permanently; a redirect is never followed'],
    [302, 'permanent', 'The endpoint answered 302 Found; a redirect is never followed'],
    [303, 'permanent', 'The endpoint answered 303 See Other; a redirect is never followed'],
    [304, 'permanent', 'The endpoint answered 304 Not Modified; a redirect is never followed'],
    [
      307,
      'permanent',
      'The endpoint answered 307 Temporary Redirect; a redirect is never followed',
    ],
    [
      308,
      'permanent',
      'The endpoint answered 308 Permanent Redirect; a redirect is never followed',
    ],
    [399, 'permanent', 'The endpoint answered 399; a redirect is never followed'],
    [400, 'permanent', 'The endpoint answered 400 Bad Request'],
    [401, 'permanent', 'The endpoint answered 401 Unauthorized'],
    [403, 'permanent', 'The endpoint answered 403 Forbidden'],
    [404, 'permanent', 'The endpoint answered 404 Not Found'],
    [405, 'permanent', 'The endpoint answered 405 Method Not Allowed'],
    [408, 'transient', 'The endpoint answered 408 Request Timeout'],
    [409, 'permanent', 'The endpoint answered 409 Conflict'],
    [410, 'permanent', 'The endpoint answered 410 Gone; the subscription is disabled'],
    [413, 'permanent', 'The endpoint answered 413 Content Too Large'],
    [422, 'permanent', 'The endpoint answered 422 Unprocessable Content'],
    [425, 'transient', 'The endpoint answered 425 Too Early'],
    [429, 'transient', 'The endpoint answered 429 Too Many Requests'],
    [499, 'permanent', 'The endpoint answered 499'],
    [500, 'transient', 'The endpoint answered 500 Internal Server Error'],
    [501, 'transient', 'The endpoint answered 501 Not Implemented'],
    [502, 'transient', 'The endpoint answered 502 Bad Gateway'],
    [503, 'transient', 'The endpoint answered 503 Service Unavailable'],
    [504, 'transient', 'The endpoint answered 504 Gateway Timeout'],
    [599, 'transient', 'The endpoint answered 599'],
    [600, 'transient', 'The endpoint answered 600'],
    [999, 'transient', 'The endpoint answered 999'],
    [101, 'transient', 'The endpoint answered 101'],
    [0, 'transient', 'The endpoint answered 0'],
  ])('of %i is %s', (status, kind, reason) => {
    expect(judge(status)).toMatchObject({ kind, statusCode: status, errorCode: null, reason });
  });

  it('is named as node names it, but for two that RFC 9110 has renamed', () => {
    const phrases = Array.from({ length: 400 }, (_, i) => i + 200).flatMap((status) => {
      const [, phrase] = /^The endpoint answered \d+ ([^;]+)/.exec(judge(status).reason) ?? [];
      return phrase === undefined ? [] : [[status, phrase]];
    });
    const renamed = { 413: 'Content Too Large', 422: 'Unprocessable Content' };
    const known: Record<number, string | undefined> = { ...STATUS_CODES, ...renamed };
    expect(phrases).toEqual(phrases.map(([status]) => [status, known[Number(status)]]));
    expect(phrases).toHaveLength(34);
  });

  it('disables the subscription by 410 and by nothing else', () => {
    const disabling = Array.from({ length: 600 }, (_, status) => status).filter(
      (status) => 'disable' in judge(status),
    );
    expect(disabling).toEqual([410]);
  });
});

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    ['1', 1_000],
    [' 7 ', 7_000],
    ['86400', DAY],
    ['86401', DAY],
    ['99999999999999999999999', DAY],
    ['Sat, 17 Jan 2026 14:33:00 GMT', 60_000],
    ['Sun, 18 Jan 2026 23:00:00 GMT', DAY],
    ['Saturday, 17-Jan-26 14:32:30 GMT', 30_000],
    ['Sat Jan 17 14:32:10 2026', 10_000],
    ['Sat Jan  7 14:32:10 2056', DAY],
    ['Friday, 17-Jan-76 14:32:30 GMT', DAY],
  ])('of "%s" is a wait of %i ms', (value, retryAfterMs) => {
    expect(judge(429, value)).toMatchObject({ kind: 'transient', retryAfterMs });
    expect(judge(503, value)).toMatchObject({ kind: 'transient', retryAfterMs });
  });

  test.each([
    '',
    '0',
    '-5',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '12 seconds',
    'soon 1',
    'tomorrow',
    '2026-01-17T15:32:00Z',
    '17 Jan 2026 15:32:00 GMT',
    'Sat, 17 Jan 2026 14:31:59 GMT',
    'Saturday, 17-Jan-94 14:32:30 GMT',
    'Monday, 17-Jan-77 14:32:30 GMT',
    'Sat, 99 Jan 2026 99:99:99 GMT',
    'NaN',
    'Infinity',
  ])('of "%s" asks for nothing', (value) => {
    expect(judge(429, value)).not.toHaveProperty('retryAfterMs');
  });

  it('given twice counts once, the first time', () => {
    expect(judge(429, ['60', '120'])).toMatchObject({ retryAfterMs: 60_000 });
    expect(judge(429, [])).not.toHaveProperty('retryAfterMs');
  });

  it('is heeded on 429 and 503 alone', () => {
    const heeded = Array.from({ length: 600 }, (_, status) => status).filter(
      (status) => 'retryAfterMs' in judge(status, '60'),
    );
    expect(heeded).toEqual([429, 503]);
  });
});

describe('a failure', () => {
  const endpoint = 'hooks.example.com';

  test.each([
    ['ECONNREFUSED', undefined, 'Connection refused by hooks.example.com'],
    [
      'ECONNRESET',
      undefined,
      'The connection was closed by hooks.example.com before its answer was complete',
    ],
    [
      'EPIPE',
      undefined,
      'The connection was closed by hooks.example.com before its answer was complete',
    ],
    ['ENOTFOUND', undefined, 'The name hooks.example.com does not resolve to an address'],
    ['EAI_AGAIN', undefined, 'The name hooks.example.com could not be resolved (EAI_AGAIN)'],
    ['EHOSTUNREACH', undefined, 'hooks.example.com could not be reached (EHOSTUNREACH)'],
    ['ENETUNREACH', undefined, 'hooks.example.com could not be reached (ENETUNREACH)'],
    ['ETIMEDOUT', undefined, 'No connection to hooks.example.com in time (ETIMEDOUT)'],
    [TIMED_OUT, 'within 15 s', 'No complete answer from hooks.example.com within 15 s'],
    [TIMED_OUT, undefined, 'No complete answer from hooks.example.com in time'],
    [INTERRUPTED, undefined, 'The attempt was cut short because Newswire was stopping'],
    [
      'ECONNABORTED',
      undefined,
      'The connection was closed by hooks.example.com before its answer was complete',
    ],
    ['EHOSTDOWN', undefined, 'hooks.example.com could not be reached (EHOSTDOWN)'],
    ['ENETDOWN', undefined, 'hooks.example.com could not be reached (ENETDOWN)'],
    ['EMFILE', undefined, 'This server could not open another connection (EMFILE)'],
    ['ENFILE', undefined, 'This server could not open another connection (ENFILE)'],
    ['ENOBUFS', undefined, 'This server could not open another connection (ENOBUFS)'],
    ['EADDRNOTAVAIL', undefined, 'This server could not open another connection (EADDRNOTAVAIL)'],
    [
      'CERT_HAS_EXPIRED',
      'certificate has expired',
      'The certificate of hooks.example.com was refused: certificate has expired (CERT_HAS_EXPIRED)',
    ],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      undefined,
      'The certificate of hooks.example.com was refused (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      undefined,
      'The certificate of hooks.example.com was refused (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      undefined,
      'The certificate of hooks.example.com was refused (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    [
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      undefined,
      'No secure connection to hooks.example.com by TLS 1.2 or newer (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)',
    ],
    [
      'EPROTO',
      'wrong version number',
      'No secure connection to hooks.example.com by TLS 1.2 or newer: wrong version number (EPROTO)',
    ],
    [
      INVALID_ANSWER,
      'Expected HTTP/',
      'The answer of hooks.example.com is not valid HTTP/1.1: Expected HTTP/ (invalid_answer)',
    ],
    ['SOMETHING_NEW', undefined, 'The request to hooks.example.com failed (SOMETHING_NEW)'],
  ])('by %s is transient, and says what happened', (code, detail, reason) => {
    expect(judgeFailure({ code, endpoint, detail })).toEqual({
      kind: 'transient',
      statusCode: null,
      errorCode: code,
      reason,
    });
  });

  it('of our own making has a code of its own', () => {
    expect([TIMED_OUT, INTERRUPTED, INVALID_ANSWER, INVALID_REQUEST, BLOCKED]).toEqual([
      'timed_out',
      'interrupted',
      'invalid_answer',
      'invalid_request',
      'blocked_by_network_policy',
    ]);
  });

  it('after the status line is transient too, and names the status', () => {
    const failure = { code: TIMED_OUT, endpoint, detail: 'within 15 s', status: 200 };
    expect(judgeFailure(failure)).toEqual({
      kind: 'transient',
      statusCode: 200,
      errorCode: TIMED_OUT,
      reason:
        'The endpoint answered 200 OK, but not to the end: no complete answer from hooks.example.com within 15 s',
    });
  });

  it('that the network policy decided is blocked, and named as such', () => {
    const detail = '10.0.0.5 is a private address';
    expect(judgeFailure({ code: BLOCKED, endpoint, detail })).toEqual({
      kind: 'blocked',
      statusCode: null,
      errorCode: 'blocked_by_network_policy',
      reason: 'Refused by the network policy: 10.0.0.5 is a private address; nothing was sent',
    });
  });

  it('to build the request at all is permanent', () => {
    expect(judgeFailure({ code: INVALID_REQUEST, endpoint, detail: 'invalid X header' })).toEqual({
      kind: 'permanent',
      statusCode: null,
      errorCode: 'invalid_request',
      reason: "The request could not be built from the subscription's settings: invalid X header",
    });
  });
});
