import { describe, expect, it, test } from 'vitest';
import { checkSettings } from '../../../../server/src/destinations/webhook/settings';

const strict = { allowHttp: false, allow: [] };
const open = { allowHttp: true, allow: ['127.0.0.0/8'] };
const GOOD = 'https://hooks.example.com/newswire?key=1';

const problemsOf = (url: string, policy: { allowHttp: boolean; allow: string[] } = strict) =>
  checkSettings({ url, headers: {}, timeoutSeconds: 15 }, policy);
const headerProblems = (headers: Record<string, string>) =>
  checkSettings({ url: GOOD, headers, timeoutSeconds: 15 }, strict);

describe('a URL', () => {
  test.each([
    GOOD,
    'https://8.8.8.8/hook',
    'https://hooks.example.com:8443',
    'HTTPS://Hooks.Example.COM/x',
    'https://größe.example/ä?ö=ü',
    'https://[2600:1f18::1]/hook',
    'https://localhost/hook',
  ])('%s is fine', (url) => {
    expect(problemsOf(url)).toEqual([]);
  });

  test.each([
    ['', 'Not a URL; write an absolute one'],
    ['hooks.example.com', 'Not a URL; write an absolute one'],
    ['/hook', 'Not a URL; write an absolute one'],
    ['https://', 'Not a URL; write an absolute one'],
    ['https://exa mple.com', 'Must not contain spaces'],
    ['https://example.com/a\nb', 'Must not contain spaces, line breaks or control characters'],
    ['https://example.com/a\r\nHost: evil', 'Must not contain spaces, line breaks'],
    [' https://example.com', 'Must not contain spaces'],
    ['https://example.com/\u0000', 'Must not contain spaces, line breaks or control characters'],
    ['ftp://example.com', 'Must begin with https://, not with ftp:'],
    ['file:///etc/passwd', 'Must begin with https://, not with file:'],
    ['javascript:alert(1)', 'Must begin with https://, not with javascript:'],
    ['http://example.com', 'Must begin with https://; plain HTTP is not allowed'],
    ['https:///example.com', 'Must name a host after https://'],
    ['https:example.com', 'Must name a host after https://'],
    [
      'https://lee:hunter2@example.com',
      'Must not contain a user name or password; put them into a custom header',
    ],
    ['https://lee@example.com', 'put them into a custom header'],
    ['https://example.com/hook#part', 'Must not contain a fragment'],
    ['https://example.com/hook#', 'Must not contain a fragment'],
    ['https://example.com:0/', 'Must not name port 0'],
    ['https://example.com:99999/', 'Not a URL'],
    ['https://127.0.0.1/', 'Refused by the network policy: 127.0.0.1 is a loopback address'],
    ['https://2130706433/', 'Refused by the network policy: 127.0.0.1 is a loopback address'],
    [
      'https://[::ffff:10.0.0.1]/',
      'Refused by the network policy: ::ffff:a00:1 is a private address',
    ],
    ['https://169.254.169.254/latest', "is a cloud's metadata address"],
  ])('"%s" is refused with the reason: %s', (url, message) => {
    expect(problemsOf(url)).toEqual([{ path: 'url', message: expect.stringContaining(message) }]);
  });

  it('has all that is wrong with it said at once', () => {
    expect(problemsOf('http://lee:x@127.0.0.1/#a').map(({ message }) => message)).toEqual([
      expect.stringContaining('plain HTTP'),
      expect.stringContaining('user name'),
      expect.stringContaining('fragment'),
      expect.stringContaining('loopback'),
    ]);
  });

  it('may be plain HTTP and loopback where the operator allows both', () => {
    expect(problemsOf('http://127.0.0.1:4100/', open)).toEqual([]);
    expect(problemsOf('ftp://127.0.0.1/', open)[0]?.message).toBe(
      'Must begin with https:// or http://, not with ftp:',
    );
  });

  it('is not judged by a policy that is itself wrong', () => {
    expect(() => problemsOf('https://10.0.0.1/', { allowHttp: false, allow: ['10/8'] })).toThrow(
      'network.allow[0]: "10/8" is not a CIDR range',
    );
  });
});

describe('a custom header', () => {
  test.each([
    'content-type',
    'Content-Encoding',
    'USER-AGENT',
    'X-Event-Type',
    'x-schema-version',
    'X-Idempotency-Key',
    'webhook-id',
    'Webhook-Signature',
    'webhook-anything',
    'X-Signature',
    'x-signature-kid',
    'X-Signature-256',
    'X-Event-JWS',
    'X-Subscription-Id',
    'X-Delivery-Id',
    'x-delivery-backlog',
    'X-Replay',
    'traceparent',
    'Tracestate',
    'Host',
    'content-length',
    'Transfer-Encoding',
    'connection',
    'Expect',
    'upgrade',
    'TE',
    'Trailer',
    'Keep-Alive',
    'Proxy-Authorization',
    'proxy-connection',
  ])('%s is refused, because it is ours to set', (name) => {
    expect(headerProblems({ [name]: 'x' })).toEqual([
      {
        path: `headers.${name}`,
        message: `${name} is set by Newswire and cannot be overridden; choose another name`,
      },
    ]);
  });

  test.each(['Authorization', 'X-Api-Key', 'X-Event-Source', 'X-Tenant', 'Cookie', 'x-replayed'])(
    '%s is free',
    (name) => {
      expect(headerProblems({ [name]: 'Bearer abc\twith tab and ÿ' })).toEqual([]);
    },
  );

  test.each(['a\r\nX-Evil: 1', 'a\nb', 'a\rb', 'a\u0000', 'a\u001fb', 'a\u007f', 'snow ☃', '日本'])(
    'with the value %j is refused',
    (value) => {
      expect(headerProblems({ 'X-Tenant': value })).toEqual([
        { path: 'headers.X-Tenant', message: expect.stringContaining('no line breaks') },
      ]);
    },
  );

  test.each(['', 'X Tenant', 'X-Tenant:', 'X-Evil\r\nHost', 'X-Größe', 'a/b'])(
    'named %j is refused',
    (name) => {
      expect(headerProblems({ [name]: 'x' })).toEqual([
        { path: `headers.${name}`, message: expect.stringContaining('Not a header name') },
      ]);
    },
  );
});
