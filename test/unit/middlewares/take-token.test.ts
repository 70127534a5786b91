import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeToken } from '../../../server/src/middlewares/take-token';
import { givenToken } from '../../../server/src/services/partners/given-token';

/** What a handler sees of an address, and the token that was in it. */
async function taken(url: string, authorization = '') {
  const headers: Record<string, string> = {};
  const req = { url } as IncomingMessage;
  const ctx = {
    req,
    originalUrl: url,
    request: { originalUrl: url },
    get: () => authorization,
    set: (name: string, value: string) => void (headers[name] = value),
  } as unknown as Context;
  await takeToken('/api/newswire')(ctx, () => Promise.resolve());
  expect(ctx.originalUrl).toBe(req.url);
  expect(ctx.request.originalUrl).toBe(req.url);
  return { url: req.url, headers, given: givenToken(ctx, { basic: true, query: true }) };
}

describe('Taking a token out of an address', () => {
  it.each([
    ['/api/newswire/feeds?token=nwp_x', '/api/newswire/feeds'],
    [
      '/api/newswire/feeds?limit=5&token=nwp_x&types=a%2Cb',
      '/api/newswire/feeds?limit=5&types=a%2Cb',
    ],
    ['/API/Newswire/feeds?TOKEN=nwp_x', '/API/Newswire/feeds'],
    ['//api//newswire/feeds?%74oken=nwp_x', '//api//newswire/feeds'],
    ['/api/%6Eewswire/feeds?token=nwp_x', '/api/%6Eewswire/feeds'],
    ['http://example.com/api/newswire/feeds?token=nwp_x', 'http://example.com/api/newswire/feeds'],
    ['/api/newswire/feeds?token[]=nwp_x&token=nwp_y', '/api/newswire/feeds'],
    ['/api/newswire/feeds?token[a]=nwp_x&a=1', '/api/newswire/feeds?a=1'],
    ['/api/newswire/nothing/here?token=nwp_x', '/api/newswire/nothing/here'],
    ['/api/newswire?token=nwp%5Fx', '/api/newswire'],
  ])('%s is %s for everything behind', async (url, clean) => {
    const seen = await taken(url);
    expect(seen.url).toBe(clean);
    expect(seen.given).toEqual({ kind: 'token', token: 'nwp_x' });
    expect(seen.headers).toEqual({ 'Referrer-Policy': 'no-referrer' });
  });

  it.each([
    '/api/articles?token=nwp_x',
    '/api/newswirefoo?token=nwp_x',
    '/api/newswire/feeds?tokens=1&my_token=2',
    '/api/newswire/feeds',
    '/api/newswire/feeds?',
  ])('%s is left as it is', async (url) => {
    const seen = await taken(url);
    expect(seen.url).toBe(url);
    expect(seen.given).toEqual({ kind: 'none' });
    expect(seen.headers).toEqual({});
  });

  it('leaves every other parameter as it was written, in its place', async () => {
    const part = fc
      .string({ unit: fc.constantFrom('a', 'Z', '%', '5', 'B', '+', '=', '[', ']', '.', ';', '?') })
      .filter((text) => !/^t/i.test(text));
    const query = fc.array(part, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(query, query, async (before, after) => {
        const seen = await taken(
          `/api/newswire/feeds?${[...before, 'token=nwp_x', ...after].join('&')}`,
        );
        const rest = [...before, ...after].join('&');
        expect(seen.url).toBe(`/api/newswire/feeds${rest === '' ? '' : `?${rest}`}`);
        expect(seen.given).toEqual({ kind: 'token', token: 'nwp_x' });
      }),
    );
  });

  it('takes what cannot be decoded out all the same', async () => {
    const seen = await taken('/api/newswire/feeds?token=%E0%A4%A&a=%zz');
    expect(seen.url).toBe('/api/newswire/feeds?a=%zz');
    expect(seen.given).toEqual({ kind: 'other' });
  });
});

describe('The token of a request', () => {
  const given = async (authorization: string, url = '/api/newswire/feeds') =>
    (await taken(url, authorization)).given;
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  it.each([
    ['Bearer nwp_a', { kind: 'token', token: 'nwp_a' }],
    ['bearer   nwp_a ', { kind: 'token', token: 'nwp_a' }],
    [basic('reader:nwp_a'), { kind: 'token', token: 'nwp_a' }],
    [basic(':nwp_a'), { kind: 'token', token: 'nwp_a' }],
    [basic('reader:with:nwp_a'), { kind: 'other' }],
    [basic('nwp_a:'), { kind: 'none' }],
    [basic('nwp_a'), { kind: 'none' }],
    ['Basic !!!', { kind: 'none' }],
    ['Bearer of-strapi', { kind: 'other' }],
    ['Bearer', { kind: 'none' }],
    ['', { kind: 'none' }],
    ['Digest nwp_a', { kind: 'none' }],
  ])('of "%s" is %j', async (authorization, expected) => {
    expect(await given(authorization)).toEqual(expected);
  });

  it('is looked for in whatever a header holds, without harm', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('Bearer ', 'Basic ', 'bearer', 'basic\t', ''),
        fc.string({ unit: 'binary', maxLength: 60 }),
        async (scheme, rest) => {
          expect(['token', 'other', 'none']).toContain((await given(scheme + rest)).kind);
        },
      ),
    );
  });

  it('is that of the header where both have one', async () => {
    const url = '/api/newswire/feeds?token=nwp_query';
    expect(await given('Bearer nwp_header', url)).toEqual({ kind: 'token', token: 'nwp_header' });
    expect(await given('Bearer of-strapi', url)).toEqual({ kind: 'token', token: 'nwp_query' });
  });
});
