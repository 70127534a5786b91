import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver } from '../support/receiver';
import type { Receiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const SPAN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** What stands for OpenTelemetry in these tests asks here for the active span. */
const ACTIVE_SPAN = Symbol.for('newswire.test.span');
const STAND_IN = `module.exports = {
  trace: { getActiveSpan: () => globalThis[Symbol.for('newswire.test.span')]?.() },
};`;

describe('The trace of a change', () => {
  let app: TestStrapi;
  let receiver: Receiver;

  const start = async (options: Parameters<typeof startStrapi>[0] = {}) => {
    app = await startStrapi(options);
    const client = await app.apiToken();
    const reply = await client.post('/api/newswire/manage/subscriptions', {
      name: 'Desk',
      destination: { url: receiver.url() },
      event_types: ['entry.created'],
      delivery: { retry: [0, 0] },
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  };
  /** Saves with these headers on the request, and gives what the subscriber gets. */
  const received = async (headers: Record<string, string>) => {
    const client = await app.apiToken(headers);
    const before = receiver.requests.length;
    const data = { label: 'A', role: 'editor', start_date: '2026-01-15' };
    const reply = await client.post('/api/role-assignments', { data });
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    return (await receiver.received(before + 1)).at(-1)!;
  };

  const setSpan = (activeSpan?: () => object) =>
    Object.assign(globalThis, { [ACTIVE_SPAN]: activeSpan });

  describe('in an application', () => {
    beforeAll(async () => {
      receiver = await startReceiver();
      await start({ prepare: installTelemetry });
    });
    afterEach(() => setSpan());
    afterAll(async () => {
      await app.stop();
      await receiver.close();
    });

    it('goes along with its deliveries, on every attempt, and never into the event', async () => {
      receiver.answer(500, 204);
      await received({ traceparent: SPAN, tracestate: 'rojo=1, congo=2' });
      const [first, second] = await receiver.received(2);
      for (const { headers, body } of [first!, second!]) {
        expect(headers['traceparent']).toBe(SPAN);
        expect(headers['tracestate']).toBe('rojo=1,congo=2');
        expect(body.toString()).not.toContain('4bf92f35');
      }
      expect(second!.body).toEqual(first!.body);

      const plain = await received({});
      expect(plain.headers).not.toHaveProperty('traceparent');
      expect(plain.headers).not.toHaveProperty('tracestate');

      const broken = await received({ traceparent: `${SPAN}, ${SPAN}`, tracestate: 'rojo=1' });
      expect(broken.headers).not.toHaveProperty('traceparent');
      expect(broken.headers).not.toHaveProperty('tracestate');

      const half = await received({ traceparent: SPAN, tracestate: 'rojo=1,rojo=2' });
      expect(half.headers['traceparent']).toBe(SPAN);
      expect(half.headers).not.toHaveProperty('tracestate');
    });

    it("is OpenTelemetry's active span where there is one, which is nearer than the request's", async () => {
      const traceState = { serialize: () => 'vendor=1' };
      const context = {
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        traceFlags: 1,
        traceState,
      };
      setSpan(() => ({ spanContext: () => context }));
      const { headers } = await received({ traceparent: SPAN });
      expect(headers['traceparent']).toBe(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
      expect(headers['tracestate']).toBe('vendor=1');
    });

    it.each<[string, () => object]>([
      [
        'has a span that is none',
        () => ({ spanContext: () => ({ traceId: '0', spanId: '0', traceFlags: 0 }) }),
      ],
      [
        'fails',
        () => {
          throw new Error('not today');
        },
      ],
    ])('is that of the request where OpenTelemetry %s', async (_what, activeSpan) => {
      setSpan(activeSpan);
      const { headers } = await received({ traceparent: SPAN });
      expect(headers['traceparent']).toBe(SPAN);
    });
  });

  it('is not passed on where the application does not want it', async () => {
    receiver = await startReceiver();
    await start({ options: { capture: { traceContext: false } } });
    try {
      const { headers } = await received({ traceparent: SPAN });
      expect(headers).not.toHaveProperty('traceparent');
    } finally {
      await app.stop();
      await receiver.close();
    }
  });
});

/** Stands for the package that an application with OpenTelemetry has, as far as it is used. */
function installTelemetry(appDir: string): void {
  const folder = path.join(appDir, 'node_modules', '@opentelemetry', 'api');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.js'), STAND_IN);
}
