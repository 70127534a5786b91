import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStrapi, type TestStrapi } from '../support/strapi';
import { openFeeds, type FeedDesk, type TestPartner } from './feeds/desk';

const RUNS = 300;

/** Of a text that a request line and a header can hold at all. */
const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => encodeURIComponent(wellFormed(text))),
  printable.map((text) => text.replace(/[#\s]/g, '')),
  fc.constantFrom('', '0', '-1', '1e3', '9'.repeat(400), '%', '%00', '[]', '__proto__', 'null'),
);

describe('Whatever is asked of feeds', () => {
  let app: TestStrapi;
  let desk: FeedDesk;
  let partner: TestPartner;
  let slug: string;

  beforeAll(async () => {
    app = await startStrapi({
      options: {
        presets: ['generic'],
        overrides: { 'entry.updated': { audience: 'partner' } },
        feeds: { maxOpenPerToken: 10_000 },
        sequencer: { pollSeconds: 0.05 },
      },
    });
    desk = await openFeeds(app);
    partner = await desk.partner();
    ({ slug } = await desk.feed({ partner_ids: [partner.id] }));
    await desk.release(20, { type: 'entry.updated', subject: 'one' });
  });
  afterAll(() => app?.stop());

  it('is answered, and never by a failure', async () => {
    const route = fc.constantFrom('events', 'stream', 'records', 'records/one');
    const name = fc.oneof(
      fc.constantFrom('since', 'limit', 'types', 'wait', 'after', 'locale', 'limit[]', 'since[a]'),
      printable.map((text) => encodeURIComponent(text)),
    );
    const headers = fc.dictionary(
      fc.constantFrom('last-event-id', 'if-none-match', 'accept-encoding', 'accept', 'range'),
      printable,
      { maxKeys: 3 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, anything),
        route,
        fc.array(fc.tuple(name, anything), { maxLength: 3 }),
        headers,
        async (otherSlug, path, query, given) => {
          const asked = query
            .filter(([key]) => key !== 'wait')
            .map(([key, value]) => `${key}=${value}`)
            .join('&');
          const address = `/api/newswire/feeds/${otherSlug ?? slug}/${path}?${asked}`;
          const { status, body } = await ask(address, given);
          expect(status, `${address} ${JSON.stringify(given)}: ${body}`).toBeLessThan(500);
          if (status >= 400 && otherSlug === null) {
            const { error } = JSON.parse(body) as { error: { details: { code?: string } } };
            expect(error.details.code, address).toBeTypeOf('string');
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  /** The status, and the body of what is no stream. */
  function ask(path: string, headers: Record<string, string>) {
    const url = new URL(app.url);
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sent = request(
        {
          ...{ host: url.hostname, port: url.port, path, timeout: 10_000 },
          headers: { ...headers, authorization: `Bearer ${partner.token}` },
        },
        (response) => {
          const { statusCode: status = 0 } = response;
          if (response.headers['content-type']?.startsWith('text/event-stream')) {
            sent.destroy();
            resolve({ status, body: '' });
            return;
          }
          let body = '';
          response.on('data', (chunk: Buffer) => (body += chunk.toString()));
          response.on('end', () => resolve({ status, body }));
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`${path} was not answered`)));
      sent.on('error', reject);
      sent.end();
    });
  }
});

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '');
}
