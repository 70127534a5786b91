import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../config';
import type { HttpClient } from '../support/http-client';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const PERSON = 'api::person.person';
const MANAGE = '/api/newswire/manage';

const event = (type: string, audience: 'internal' | 'partner' | 'public') =>
  defineEvent({
    type,
    version: '1.2.0',
    summary: `Something of ${type}.`,
    audience,
    source: { uid: PERSON },
    sla: { withinSeconds: 300, share: 0.99 },
    payload: z.strictObject({ title: z.string(), mail: z.string() }),
    examples: [{ title: 'T', mail: 'lee@northlight.example' }],
    personal: ['mail'],
    when: () => false,
    build: () => ({ title: '', mail: '' }),
  });

interface Contract {
  asyncapi: string;
  info: Record<string, Record<string, unknown>>;
  servers: Record<string, { host: string; pathname?: string }>;
  channels: Record<string, { address: string; messages: object; 'x-newswire-filter': object }>;
  components: {
    messages: object;
    schemas: Record<string, { properties: { payload: { properties: Record<string, object> } } }>;
  };
}

describe('The contract of a partner', () => {
  let app: TestStrapi;
  let api: HttpClient;

  beforeAll(async () => {
    app = await startStrapi({
      options: (options) => ({
        ...options,
        presets: [],
        events: [
          event('desk.public', 'public'),
          event('desk.partner', 'partner'),
          event('desk.other', 'partner'),
          event('desk.memo', 'internal'),
        ],
        contract: {
          contacts: [{ name: 'Angela Jain', email: 'angela@northlight.example' }],
          escalation: 'Call the duty desk.',
        },
      }),
    });
    // The parser takes longer than a connection is kept open without a request, and nothing else runs meanwhile.
    app.strapi.server.httpServer.keepAliveTimeout = 120_000;
    api = await app.apiToken();
  });
  afterAll(() => app.stop());

  const created = async <T>(path: string, body: object) => {
    const answer = await api.post<{ data: T }>(`${MANAGE}${path}`, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body.data;
  };

  async function partner(settings: object, scopes = ['feeds:read']) {
    const { id } = await created<{ id: string }>('/partners', settings);
    const { token } = await created<{ token: string }>(`/partners/${id}/tokens`, {
      name: 'reader',
      scopes,
    });
    return { id, token };
  }

  const contractOf = async (token: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${app.url}/api/newswire/contract`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    return { answer, text: await answer.text() };
  };

  it('holds its events, endpoints and feeds, as it may see them, and nothing of others', async () => {
    const streamly = await partner({
      name: 'Streamly',
      contacts: [{ name: 'Mona Berg', email: 'mona@streamly.example' }],
      territories: ['GB'],
    });
    const other = await partner({ name: 'Rivalry', clearance: 'public' });
    const subscribe = (partner_id: string, host: string) =>
      created<{ id: string }>('/subscriptions', {
        name: `To ${host}`,
        partner_id,
        destination: { url: `https://${host}/hooks?key=secret-in-query` },
        event_types: ['desk.partner', 'desk.memo'],
        filter: { condition: 'payload.title != "Hidden"' },
        delivery: { callback_within_seconds: 3_600, retry: [0, 30] },
      });
    const own = await subscribe(streamly.id, 'ingest.streamly.example');
    await subscribe(other.id, 'hooks.rivalry.example');
    await created('/feeds', {
      slug: 'streamly-desk',
      title: 'Desk',
      partner_ids: [streamly.id],
      event_types: ['desk.public', 'desk.memo'],
    });
    await created('/feeds', { slug: 'rivalry-desk', title: 'R', partner_ids: [other.id] });

    const { answer, text } = await contractOf(streamly.token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/asyncapi\+json/);
    expect(answer.headers.get('cache-control')).toMatch(/private/);
    const others = await contractOf(other.token);
    const { document, diagnostics } = await new Parser().parse(text);
    expect(
      diagnostics.filter(({ severity }) => Number(severity) === Number(DiagnosticSeverity.Error)),
    ).toEqual([]);
    expect(document?.version()).toBe('3.0.0');

    const contract = JSON.parse(text) as Contract;
    const sent = contract.info['x-newswire-event-types']?.['sent'] as { event_type: string }[];
    expect(sent.map(({ event_type }) => event_type)).toEqual(['desk.partner', 'desk.public']);
    expect(text).not.toMatch(/desk\.memo|desk\.other|rivalry|secret-in-query|Hidden|lee@/i);
    expect(text).not.toContain(streamly.token);
    expect(contract.servers[`subscription_${own.id}`]).toMatchObject({
      host: 'ingest.streamly.example',
    });
    expect(contract.channels[`webhook.${own.id}`]).toMatchObject({
      address: '/hooks',
      messages: { 'desk.partner': expect.anything() },
      'x-newswire-filter': { condition: true },
    });
    expect(contract.channels['feed.streamly-desk']).toMatchObject({
      address: '/feeds/streamly-desk/events',
      messages: { 'desk.public': expect.anything() },
    });
    expect(contract.channels['callbacks']).toMatchObject({
      address: '/callbacks',
      messages: { 'callback.content.ingested': expect.anything() },
    });
    expect(contract.info).toMatchObject({
      'x-newswire-parties': {
        producer: { contacts: [{ name: 'Angela Jain' }] },
        consumer: { name: 'Streamly', contacts: [{ email: 'mona@streamly.example' }] },
        rights: { scope: { territories: ['GB'] } },
        token: { name: 'reader', scopes: ['feeds:read'] },
      },
      'x-newswire-delivery': {
        retries: { subscriptions: [{ waits_seconds: [0, 30] }] },
        callbacks: { deadlines: [{ within_seconds: 3_600 }] },
      },
      'x-newswire-sla': {
        promises: expect.arrayContaining([
          { event_type: 'desk.partner', within_seconds: 300, share: 0.99 },
        ]),
      },
      'x-newswire-escalation': { process: 'Call the duty desk.' },
    });
    const { mail } =
      contract.components.schemas['desk.partner']?.properties.payload.properties ?? {};
    expect(mail).toMatchObject({ pattern: '^pn_' });

    const theirs = JSON.parse(others.text) as Contract;
    const properties =
      theirs.components.schemas['desk.public']?.properties.payload.properties ?? {};
    expect(Object.keys(properties)).toEqual(['title']);
    expect(Object.keys(theirs.components.messages)).not.toContain('desk.partner');
  });

  it('is answered with 304 until something of it changes', async () => {
    const { id, token } = await partner({ name: 'Fjord TV' }, ['callbacks:write']);
    const first = await contractOf(token);
    const tag = first.answer.headers.get('etag') ?? '';
    expect((await contractOf(token, { 'if-none-match': tag })).answer.status).toBe(304);
    const { status } = await api.patch(`${MANAGE}/partners/${id}`, { territories: ['NO'] });
    expect(status).toBe(200);
    const again = await contractOf(token, { 'if-none-match': tag });
    expect(again.answer.status).toBe(200);
    expect(again.text).toContain('"territories":["NO"]');
  });

  it('is for partners alone, and not by a token in the address', async () => {
    const { token } = await partner({ name: 'Nordlys' });
    expect((await app.anonymous.get('/api/newswire/contract')).status).toBe(401);
    expect((await app.anonymous.get(`/api/newswire/contract?token=${token}`)).status).toBe(401);
    expect((await api.get('/api/newswire/contract')).status).toBe(401);
  });
});
