import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStrapi, type TestStrapi } from '../support/strapi';
import { openFeed } from '../support/partner-feed';

const RUNS = 400;

/** A request that takes longer hangs. */
const PATIENCE_MS = 10_000;

/** What the process may have grown by under all of it. */
const MAX_GROWTH = 150 * 1_048_576;

const MEBIBYTE = 1_048_576;

interface Asked {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

const nasty = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    ...[
      '',
      '0',
      '-1',
      '1e309',
      'NaN',
      'null',
      '[]',
      '{}',
      '%00',
      '\u0000',
      '../../etc/passwd',
      '__proto__',
    ],
    ...[
      '2026-02-31T00:00:00Z',
      "' or 1=1 --",
      '*',
      'content.*',
      'a,b,,c',
      '𝒳'.repeat(50),
      'x'.repeat(5_000),
    ],
  ),
);

/** As UTF-8: half a character has no encoding. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

const names = [
  'since',
  'limit',
  'types',
  'after',
  'before',
  'locale',
  'last_event_id',
  'token',
  'sort',
];

const query = fc
  .array(fc.tuple(fc.constantFrom(...names, 'limit[]', 'since[a]', 'types[0][b]'), nasty), {
    maxLength: 4,
  })
  .map((pairs) => new URLSearchParams(pairs).toString());

const feedPath = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constant('fjord') }, nasty.map(encoded)),
    fc.constantFrom('events', 'rss', 'atom', 'json', 'records', 'records/x', 'stream'),
    fc.oneof(
      fc.constant(''),
      nasty.map((text) => `/${encoded(text)}`),
    ),
  )
  .map(([slug, route, rest]) => `/feeds/${slug}/${route}${route === 'records' ? rest : ''}`);

const path = fc.oneof(
  { weight: 6, arbitrary: feedPath },
  fc.constantFrom('/feeds', '/usage', '/contract', '/callbacks'),
  fc
    .tuple(nasty.map(encoded), fc.constantFrom('pause', 'resume'))
    .map(([id, verb]) => `/subscriptions/${id}/${verb}`),
);

/** Header values that HTTP itself can carry. */
const headerValue = nasty.map((text) =>
  text
    .replace(/[^\x20-\x7e\xa0-\xff]/g, '')
    .trim()
    .slice(0, 2_000),
);

const headers = fc.dictionary(
  fc.constantFrom(
    ...[
      'if-none-match',
      'if-modified-since',
      'accept-encoding',
      'accept',
      'last-event-id',
      'range',
    ],
    ...['x-idempotency-key', 'x-subscription-id', 'x-signature', 'webhook-id', 'webhook-timestamp'],
    ...['webhook-signature', 'x-forwarded-for', 'content-type', 'content-encoding', 'cookie'],
  ),
  headerValue,
  { maxKeys: 4 },
);

const body = fc.oneof(
  fc.constant(null),
  fc.json({ maxDepth: 5 }),
  fc.string({ maxLength: 200 }),
  fc
    .record({
      event_type: fc.oneof(nasty, fc.constant('content.play')),
      in_reply_to: fc.json(),
      payload: fc.anything(),
    })
    .map(
      (value) =>
        JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ??
        '',
    ),
  fc
    .record({ seconds: fc.anything(), reason: nasty })
    .map((value) =>
      JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)),
    ),
  fc.constantFrom(
    '['.repeat(50_000),
    '{"a":'.repeat(5_000),
    `{"payload":"${'x'.repeat(2 * MEBIBYTE)}"}`,
    '{"__proto__":{"polluted":true}}',
    '\ufeff{}',
  ),
);

const asked: fc.Arbitrary<Asked> = fc
  .tuple(fc.constantFrom('GET' as const, 'POST' as const), path, query, headers, body)
  .map(([method, at, search, given, text]) => ({
    method,
    path: `/api/newswire${at}${search === '' ? '' : `?${search}`}`,
    headers: given,
    body: method === 'GET' ? null : text,
  }));

describe("Partners' routes", () => {
  let app: TestStrapi;
  let token: string;

  beforeAll(async () => {
    app = await startStrapi({
      options: { presets: ['generic'], overrides: { 'entry.updated': { audience: 'partner' } } },
    });
    ({ token } = await openFeed(await app.admin(), {}, [
      'feeds:read',
      'callbacks:write',
      'subscriptions:manage',
    ]));
  });
  afterAll(() => app?.stop());

  it('answer whatever is asked of them in time, with a code where they refuse, and never fail', async () => {
    const before = process.memoryUsage().rss;
    await fc.assert(
      fc.asyncProperty(asked, async (input) => {
        const { status, text } = await send(app.url, {
          ...input,
          headers: { authorization: `Bearer ${token}`, ...input.headers },
        });
        const what = `${input.method} ${input.path.slice(0, 300)} ${JSON.stringify(input.headers).slice(0, 300)}: ${status} ${text.slice(0, 300)}`;
        expect(status, what).toBeLessThan(500);
        // A path that is no route of ours is Strapi's to answer, and a broken request node's.
        if (status < 400 || [404, 405, 431].includes(status) || !text.startsWith('{')) return;
        const { error } = JSON.parse(text) as { error: { details?: { code?: unknown } } };
        expect(typeof error.details?.code, what).toBe('string');
      }),
      { numRuns: RUNS },
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH);
  });
});

/** Not by fetch, which refuses to send much of this. A stream is left as soon as it has begun. */
function send(base: string, input: Asked): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const url = new URL(base);
    const sent = request(
      {
        ...{ host: url.hostname, port: url.port, method: input.method, path: input.path },
        headers: {
          ...(input.body === null ? {} : { 'content-type': 'application/json' }),
          ...input.headers,
          ...(input.body === null ? {} : { 'content-length': Buffer.byteLength(input.body) }),
        },
        agent: false,
      },
      (response) => {
        const status = response.statusCode ?? 0;
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          sent.destroy();
          resolve({ status, text: '' });
          return;
        }
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status, text: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      },
    );
    const hangs = new Error(`${input.method} ${input.path} was not answered in ${PATIENCE_MS} ms`);
    sent.setTimeout(PATIENCE_MS, () => sent.destroy(hangs));
    // A body that is too large is answered before it was sent to its end.
    sent.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET'
        ? resolve({ status: 413, text: '' })
        : reject(error),
    );
    sent.end(input.body ?? undefined);
  });
}
