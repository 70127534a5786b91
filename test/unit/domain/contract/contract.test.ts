import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import type { AgreedEvent, ContractInput } from '../../../../server/src/domain/contract/agreed';
import { contractDocument } from '../../../../server/src/domain/contract/contract';
import { demoCatalogue } from '../../../support/demo-catalogue';

const ROUTES = 'https://news.example/api/newswire';

const catalogue = await demoCatalogue();

const agreed: AgreedEvent[] = catalogue.definitions.map((definition) => ({
  type: definition.type,
  version: definition.version,
  summary: definition.summary,
  schema: definition.schema,
  examples: definition.examples,
  group: catalogue.groupOf(definition.type),
  address: `${ROUTES}/schemas/${definition.type}/${definition.version}`,
  published: definition.audience !== 'internal',
  rules: definition.rules.map(({ code, summary }) => ({ code, summary })),
  approval: definition.approval,
  sla: { withinSeconds: 300, share: 0.99 },
  personal: definition.personal,
}));

const types = agreed.map(({ type }) => type);

const SUBSCRIPTION = {
  id: '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a11',
  name: 'Streamly ingest',
  state: 'active',
  endpoint: { protocol: 'https', host: 'ingest.streamly.example:8443', pathname: '/hooks/news' },
  mutual_tls: true,
  timeout_seconds: 15,
  events: types,
  filter: { scope: { territories: ['GB'] } },
  shape: {
    body: 'event',
    projection: null,
    transform: false,
    schema_majors: {},
    gzip: true,
    batch: { max_items: 100, max_bytes: 1_048_576, max_wait_seconds: 5 },
  },
  retry_seconds: [0, 10, 60],
  order: 'per_subject',
  coalesce_seconds: 0,
  concurrency: 8,
  rate_per_second: 20,
  callback_within_seconds: 3_600,
  signing: { ed25519: true, jws: false },
};

const FEED = {
  slug: 'streamly-titles',
  title: 'Titles for Streamly',
  description: 'All titles.',
  events: types.slice(0, 3),
  max_age_days: 90,
  filter: {},
  projection: ['$.payload'],
  transform: false,
};

const MONA = { name: 'Mona Berg', email: 'mona@streamly.example', role: 'Integrations' };
const ANGELA = { name: 'Angela Jain', email: 'angela@northlight.example', role: 'Head of Content' };

const INPUT: ContractInput = {
  version: '1.2.3',
  routes: ROUTES,
  producer: {
    id: 'northlight-cms',
    contacts: [ANGELA],
    sla: 'Best effort at night.',
    escalation: 'Call the duty desk.',
    terms: 'https://northlight.example/terms',
  },
  consumer: {
    id: '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a22',
    name: 'Streamly',
    contacts: [MONA],
    clearance: 'partner',
    territories: ['GB', 'IE'],
    genres: [],
    content_types: [],
    rate_per_minute: 600,
    allowed_networks: ['203.0.113.0/24'],
  },
  token: { name: 'reader', scopes: ['feeds:read'], expires_at: null },
  events: agreed,
  callbacks: agreed.slice(0, 2),
  subscriptions: [SUBSCRIPTION],
  feeds: [FEED],
  limits: { page_events: 1_000, wait_seconds: 30, document_entries: 200, event_bytes: 1_048_576 },
  sla_window_seconds: 86_400,
};

const NOTHING: ContractInput = {
  ...INPUT,
  producer: { ...INPUT.producer, contacts: [], sla: null, escalation: null, terms: null },
  token: null,
  ...{ events: [], callbacks: [], subscriptions: [], feeds: [] },
};

async function errorsOf(value: object) {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(value));
  const errors = diagnostics.filter(
    ({ severity }) => Number(severity) === Number(DiagnosticSeverity.Error),
  );
  return { document, errors: errors.map(({ message, path }) => `${path.join('.')}: ${message}`) };
}

/** Everything that stands below `info` under a name of ours. */
function termsOf(value: object): Record<string, unknown> {
  const { info } = value as { info: Record<string, unknown> };
  return Object.fromEntries(Object.entries(info).filter(([name]) => name.startsWith('x-newswire')));
}

describe('The contract with a partner', () => {
  it('is accepted by the AsyncAPI parser, with its endpoints, feeds and callbacks', async () => {
    const { document, errors } = await errorsOf(contractDocument(INPUT));
    expect(errors).toEqual([]);
    const servers = document?.servers().all() ?? [];
    expect(servers.map((server) => server.url())).toEqual([
      'https://news.example/api/newswire',
      'https://ingest.streamly.example:8443/',
    ]);
    const channels = document?.channels().all() ?? [];
    expect(channels.map((channel) => channel.address())).toEqual([
      '/hooks/news',
      '/feeds/streamly-titles/events',
      '/callbacks',
    ]);
    expect(document?.operations().filterBySend()).toHaveLength(2);
    expect(document?.operations().filterByReceive()).toHaveLength(1);
  });

  it('is accepted where nothing is agreed on yet', async () => {
    expect((await errorsOf(contractDocument(NOTHING))).errors).toEqual([]);
  });

  it('leaves no reference that leads nowhere', () => {
    const text = JSON.stringify(contractDocument(INPUT));
    const written = JSON.parse(text) as Record<string, unknown>;
    for (const [, reference = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = reference
        .split('/')
        .reduce<unknown>(
          (at, name) => (at as Record<string, unknown> | undefined)?.[name],
          written,
        );
      expect(found, reference).toBeDefined();
    }
  });

  it('answers every line of the checklist for contracts', () => {
    const terms = termsOf(contractDocument(INPUT));
    // Producer and consumer identities and contact points.
    expect(terms['x-newswire-parties']).toMatchObject({
      producer: { id: 'northlight-cms', contacts: [ANGELA] },
      consumer: { name: 'Streamly', contacts: [MONA] },
      rights: { clearance: 'partner', scope: { territories: ['GB', 'IE'] } },
    });
    // Supported event types and lifecycle semantics.
    const { sent, lifecycle } = terms['x-newswire-event-types'] as {
      sent: { event_type: string; subscriptions: string[]; feeds: string[] }[];
      lifecycle: string[];
    };
    expect(sent.map(({ event_type }) => event_type)).toEqual(types);
    expect(sent[0]).toMatchObject({ subscriptions: [SUBSCRIPTION.id], feeds: [FEED.slug] });
    expect(sent.at(-1)).toMatchObject({ feeds: [] });
    expect(lifecycle.join(' ')).toMatch(/Withdrawals and deletions/);
    // Schema location and versioning rules.
    expect(terms['x-newswire-schemas']).toMatchObject({
      list: `${ROUTES}/schemas`,
      addresses: { 'content.ready': expect.stringContaining('/schemas/content.ready/') },
      versioning: expect.arrayContaining([expect.stringMatching(/major version/)]),
    });
    expect(JSON.stringify(terms['x-newswire-schemas'])).not.toContain('webhook.test');
    // Required fields and validation rules including rights and territories.
    const validation = terms['x-newswire-validation'] as {
      sent: { event_type: string; required: string[]; rules: { code: string }[] }[];
    };
    const ready = validation.sent.find(({ event_type }) => event_type === 'content.ready');
    expect(ready?.required).toContain('rights');
    expect(ready?.rules.map(({ code }) => code).join(' ')).toMatch(/territor/);
    // Delivery semantics: acknowledgement, retries, dead letters.
    expect(terms['x-newswire-delivery']).toMatchObject({
      acknowledgement: { 200: expect.any(String), 202: expect.stringMatching(/content\.ingested/) },
      retries: { subscriptions: [{ waits_seconds: [0, 10, 60], attempts: 3 }] },
      dead_letters: expect.stringMatching(/webhook\.delivery_failed/),
      callbacks: { deadlines: [{ within_seconds: 3_600 }] },
    });
    // Security: algorithm, KID, rotation.
    expect(terms['x-newswire-security']).toMatchObject({
      signatures: {
        algorithm: expect.stringMatching(/HMAC-SHA256/),
        kid: expect.any(String),
        rotation: expect.any(String),
        subscriptions: [{ ed25519: true, jws: false, mutual_tls: true }],
      },
      tokens: { scopes: ['feeds:read'], allowed_networks: ['203.0.113.0/24'] },
    });
    // Rate limits and batching rules.
    expect(terms['x-newswire-limits']).toMatchObject({
      requests_per_minute: 600,
      feed_page: { max_events: 1_000, max_wait_seconds: 30 },
      subscriptions: [{ rate_per_second: 20, timeout_seconds: 15, batch: { max_items: 100 } }],
    });
    // Operational SLAs and observability metrics.
    expect(terms['x-newswire-sla']).toMatchObject({
      terms: 'Best effort at night.',
      promises: expect.arrayContaining([
        { event_type: 'content.ready', within_seconds: 300, share: 0.99 },
      ]),
      observability: { usage: `${ROUTES}/usage` },
    });
    // Escalation and reconciliation process.
    expect(terms['x-newswire-escalation']).toMatchObject({
      process: 'Call the duty desk.',
      producer: [ANGELA],
      consumer: [MONA],
    });
    expect(terms['x-newswire-reconciliation']).toMatchObject({
      records: [`${ROUTES}/feeds/${FEED.slug}/records`],
    });
  });
});
