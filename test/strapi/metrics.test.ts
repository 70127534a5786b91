import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import type { SlaAttainment } from '../../server/src/services/sla';
import { httpClient } from '../support/http-client';
import type { HttpClient } from '../support/http-client';
import { parsePrometheus, valueOf } from '../support/prometheus';
import { startReceiver } from '../support/receiver';
import type { Receiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const METRICS = '/api/newswire/metrics';
const PROMISED = 'entry.created';

describe('GET /api/newswire/metrics', () => {
  let app: TestStrapi;
  let admin: HttpClient;
  let receiver: Receiver;
  let subscription: CreatedSubscription;

  beforeAll(async () => {
    receiver = await startReceiver();
    app = await startStrapi({
      options: { sla: { promises: { [PROMISED]: { withinSeconds: 300, share: 0.99 } } } },
    });
    admin = await app.admin();
    const reply = await admin.post<{ data: CreatedSubscription }>('/newswire/subscriptions', {
      name: 'A desk, with "quotes"',
      destination: { url: receiver.url('/secret-path'), headers: { 'X-Api-Key': 'hush-hush' } },
      event_types: [PROMISED],
    });
    subscription = reply.body.data;
  });
  afterAll(async () => {
    await app.stop();
    await receiver.close();
  });

  const token = async (type: string, permissions?: string[]) => {
    const { accessKey } = (await app.strapi.service('admin::api-token').create({
      name: `${type} ${Math.random()}`,
      description: '',
      kind: 'content-api',
      type,
      lifespan: null,
      ...(permissions ? { permissions } : {}),
    })) as { accessKey: string };
    return httpClient(app.url, { authorization: `Bearer ${accessKey}` });
  };
  const scraped = async () => {
    const { status, body } = await (await token('read-only')).get<string>(METRICS);
    expect(status, JSON.stringify(body)).toBe(200);
    return { text: body, samples: parsePrometheus(body) };
  };

  it('is open to a token that may read it, and to nobody else', async () => {
    const statuses = async (client: HttpClient) => (await client.get(METRICS)).status;
    expect(await statuses(await token('full-access'))).toBe(200);
    expect(await statuses(await token('read-only'))).toBe(200);
    expect(await statuses(await token('custom', ['plugin::newswire.metrics.find']))).toBe(200);
    expect(await statuses(await token('custom', ['plugin::newswire.status.find']))).toBe(403);
    expect(await statuses(app.anonymous)).toBe(401);
    expect(await statuses(httpClient(app.url, { authorization: 'Bearer wrong' }))).toBe(401);
    // An admin's session is for the admin routes.
    expect(await statuses(admin)).toBe(401);
  });

  it('answers the Prometheus text format', async () => {
    const { headers, body } = await (await token('read-only')).get<string>(METRICS);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(() => parsePrometheus(body)).not.toThrow();
  });

  it('tells what this process has done and what is left to do, and no secret of anybody', async () => {
    await app.strapi.documents('api::role-assignment.role-assignment').create({
      data: { label: 'A confidential label', role: 'editor', start_date: '2026-01-15' } as never,
    });
    await receiver.received(1);
    const by = { subscription: subscription.id };
    const { text, samples } = await waitFor(async () => {
      const seen = await scraped();
      const delivered = { ...by, outcome: 'delivered' };
      const settled = valueOf(seen.samples, 'newswire_deliveries_settled_total', delivered);
      // The gauges may be a second old.
      return settled === 1 && valueOf(seen.samples, 'newswire_backlog', by) === 0 && seen;
    });
    // entry.created, and role_assignment.changed, which nobody asks for.
    expect(valueOf(samples, 'newswire_events_sequenced_total')).toBe(2);
    expect(valueOf(samples, 'newswire_first_attempt_delay_seconds_count', by)).toBe(1);
    expect(valueOf(samples, 'newswire_dead_letters', by)).toBe(0);
    expect(valueOf(samples, 'newswire_sla_target_ratio', { event_type: PROMISED })).toBe(0.99);
    for (const secret of ['secret-path', 'hush', 'confidential', 'quotes', subscription.secret]) {
      expect(text).not.toContain(secret);
    }
  });

  it('shows how promises are kept, which the service tells too', async () => {
    const sla = app.strapi.plugin('newswire').service('sla') as unknown as {
      attainment(): Promise<SlaAttainment[]>;
    };
    expect(await sla.attainment()).toEqual([
      {
        event_type: PROMISED,
        within_seconds: 300,
        share: 0.99,
        window_seconds: 86_400,
        samples: 0,
        attainment: null,
        breached_since: null,
      },
    ]);
    // The promise was written down with the delivery when it was made.
    const [delivery] = await app.strapi.db
      .connection('newswire_deliveries')
      .select<{ sla_due_at: number; created_at: number }[]>('sla_due_at', 'created_at');
    expect(delivery!.sla_due_at - delivery!.created_at).toBeGreaterThan(290_000);
    expect(delivery!.sla_due_at - delivery!.created_at).toBeLessThanOrEqual(300_000);
  });
});

describe('With metrics switched off', () => {
  it('there is no such page', async () => {
    const app = await startStrapi({ options: { metrics: { enabled: false } } });
    try {
      const { status, body } = await (await app.apiToken()).get<{ error: object }>(METRICS);
      expect(status).toBe(404);
      expect(JSON.stringify(body.error)).toContain('metrics.enabled');
    } finally {
      await app.stop();
    }
  });
});

describe('A promise that cannot be', () => {
  it.each([
    [
      { 'entry.exploded': { withinSeconds: 300, share: 0.99 } },
      /there is no event "entry.exploded"/,
    ],
    [{ [PROMISED]: { withinSeconds: 300, share: 99 } }, /share must be over 0 and at most 1/],
  ])('stops the boot and says why: %j', async (promises, message) => {
    await expect(startStrapi({ options: { sla: { promises } } })).rejects.toThrow(message);
  });
});
