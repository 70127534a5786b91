import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSubscription, Subscription } from '../../server/src/contracts/subscription';
import { MASKED_VALUE } from '../../server/src/contracts/subscription';
import type { HttpClient, Reply } from '../support/http-client';
import { logIn, startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

interface Refused {
  error: {
    status: number;
    name: string;
    message: string;
    details: { code?: string; errors?: { path: string[]; message: string }[] };
  };
}

const SUBSCRIPTIONS = '/newswire/subscriptions';
const VALID = {
  name: 'Contracts desk',
  destination: { url: 'https://hooks.example.com/newswire' },
  event_types: ['executive.*', 'entry.created'],
};

describe('The subscriptions API', () => {
  let app: TestStrapi;
  let admin: HttpClient;

  beforeAll(async () => {
    app = await startStrapi({ env: { NEWSWIRE_DEMO_STRICT: '1' } });
    admin = await app.admin();
  });

  afterAll(() => app.stop());

  const create = async (body: unknown = VALID) =>
    (await admin.post<{ data: CreatedSubscription }>(SUBSCRIPTIONS, body)).body.data;
  const refused = (reply: Reply<Refused>) => ({
    status: reply.status,
    code: reply.body.error.details.code,
    fields: reply.body.error.details.errors?.map(({ path }) => path.join('.')),
    message: reply.body.error.message,
  });
  const refuse = async (body: unknown) => refused(await admin.post<Refused>(SUBSCRIPTIONS, body));

  it('fills in every default, and shows the secret in the answer of the create alone', async () => {
    const reply = await admin.post<{ data: CreatedSubscription }>(SUBSCRIPTIONS, VALID);
    expect(reply.status).toBe(201);
    const { secret, kid, ...rest } = reply.body.data;
    expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
    expect(secret).toMatch(/^whsec_/);
    expect(kid).toMatch(/^key_/);
    expect(rest).toMatchObject({
      ...VALID,
      description: '',
      owner_email: null,
      partner_id: null,
      state: 'active',
      state_reason: null,
      destination: {
        type: 'webhook',
        headers: {},
        timeout_seconds: 15,
        client_certificate_id: null,
      },
      filter: {
        subject_types: [],
        locales: [],
        changed: [],
        scope: { territories: [], genres: [], content_types: [] },
        condition: null,
      },
      shape: { body: 'event', projection: null, transform: null, gzip: false, batch: null },
      delivery: { retry: 'partner', order: 'per_subject', concurrency: 8, rate_per_second: null },
      signing: { ed25519: false, jws: false },
      approval: 'inherit',
      state_url: null,
    });
    const read = await admin.get<{ data: Subscription }>(`${SUBSCRIPTIONS}/${rest.id}`);
    expect(read.body.data).toEqual(rest);
    expect(JSON.stringify((await admin.get(SUBSCRIPTIONS)).body)).not.toContain(secret);
  });

  it('keeps no secret and no header value in clear in any table', async () => {
    const { secret } = await create({
      ...VALID,
      destination: { ...VALID.destination, headers: { 'X-Api-Key': 'very-secret-value' } },
    });
    const { connection } = app.strapi.db;
    for (const table of ['newswire_subscriptions', 'newswire_keys', 'newswire_events']) {
      const text = JSON.stringify(await connection(table).select('*'));
      expect(text).not.toContain(secret);
      expect(text).not.toContain(secret.slice(6));
      expect(text).not.toContain('very-secret-value');
    }
  });

  it.each([
    ['no fields at all', {}, ['name', 'destination', 'event_types']],
    ['an unknown field', { ...VALID, colour: 'red' }, ['colour']],
    ['an unknown field in a section', { ...VALID, delivery: { speed: 1 } }, ['delivery.speed']],
    [
      'an event type that is not in the catalogue',
      { ...VALID, event_types: ['show.cancelled'] },
      ['event_types.0'],
    ],
    [
      'a pattern that covers nothing',
      { ...VALID, event_types: ['entry.*', 'foo.*'] },
      ['event_types.1'],
    ],
    ['a pattern that is none', { ...VALID, event_types: ['Entry Created'] }, ['event_types.0']],
    ['no event type', { ...VALID, event_types: [] }, ['event_types']],
    ['a URL that is no URL', { ...VALID, destination: { url: 'not a url' } }, ['destination.url']],
    [
      'plain HTTP',
      { ...VALID, destination: { url: 'http://hooks.example.com/' } },
      ['destination.url'],
    ],
    [
      'a loopback address',
      { ...VALID, destination: { url: 'https://127.0.0.1/' } },
      ['destination.url'],
    ],
    [
      'a loopback address in disguise',
      { ...VALID, destination: { url: 'https://2130706433/' } },
      ['destination.url'],
    ],
    [
      'credentials in the URL',
      { ...VALID, destination: { url: 'https://a:b@example.com/' } },
      ['destination.url'],
    ],
    [
      'a header of ours',
      { ...VALID, destination: { ...VALID.destination, headers: { 'x-signature': 'mine' } } },
      ['destination.headers.x-signature'],
    ],
    [
      'a header with a line break',
      { ...VALID, destination: { ...VALID.destination, headers: { 'X-A': 'a\r\nX-B: b' } } },
      ['destination.headers.X-A'],
    ],
    ['a retry schedule that is none', { ...VALID, delivery: { retry: [-1] } }, ['delivery.retry']],
    ['an e-mail that is none', { ...VALID, owner_email: 'nobody' }, ['owner_email']],
  ])('refuses %s with 400, and names the field', async (_, body, fields) => {
    const answer = await refuse(body);
    expect(answer).toMatchObject({ status: 400, code: 'invalid_body' });
    for (const field of fields) {
      expect(answer.fields?.some((named) => named.startsWith(field))).toBe(true);
    }
    expect(answer.message.length).toBeGreaterThan(10);
  });

  it('changes the given fields and leaves the others', async () => {
    const { id } = await create({ ...VALID, description: 'Before' });
    const reply = await admin.patch<{ data: Subscription }>(`${SUBSCRIPTIONS}/${id}`, {
      name: 'Renamed',
      destination: { timeout_seconds: 5 },
      filter: { locales: ['en'] },
    });
    expect(reply.status).toBe(200);
    expect(reply.body.data).toMatchObject({
      name: 'Renamed',
      description: 'Before',
      destination: { url: VALID.destination.url, timeout_seconds: 5 },
      filter: { locales: ['en'], changed: [] },
      event_types: VALID.event_types,
    });
    const wrong = await admin.patch<Refused>(`${SUBSCRIPTIONS}/${id}`, { state: 'disabled' });
    expect(refused(wrong)).toMatchObject({ status: 400, fields: ['state'] });
    const read = await admin.get<{ data: Subscription }>(`${SUBSCRIPTIONS}/${id}`);
    expect(read.body.data.name).toBe('Renamed');
    const paused = await admin.patch<{ data: Subscription }>(`${SUBSCRIPTIONS}/${id}`, {
      state: 'paused',
    });
    expect(paused.body.data).toMatchObject({ state: 'paused', name: 'Renamed' });
  });

  it('masks header values, and takes the mask for the value that is stored', async () => {
    const { id, destination } = await create({
      ...VALID,
      destination: {
        ...VALID.destination,
        headers: { Authorization: 'Bearer one', 'X-Team': 'a' },
      },
    });
    expect(destination.headers).toEqual({ Authorization: MASKED_VALUE, 'X-Team': MASKED_VALUE });
    await admin.patch(`${SUBSCRIPTIONS}/${id}`, {
      destination: { headers: { Authorization: MASKED_VALUE, 'X-Team': 'b' } },
    });
    const { encrypted_headers } = (await app.strapi.db
      .connection('newswire_subscriptions')
      .where({ id })
      .first()) as { encrypted_headers: string };
    // Behind the id of the key that it stands under it is Strapi's own.
    const [, text = ''] = /^key:[0-9a-f]{8}:(.*)$/.exec(encrypted_headers) ?? [];
    const stored = app.strapi.service('admin::encryption').decrypt(text) as string;
    expect(JSON.parse(stored)).toEqual({ Authorization: 'Bearer one', 'X-Team': 'b' });
  });

  it('pauses, resumes and deletes', async () => {
    const { id } = await create();
    const paused = await admin.post<{ data: Subscription }>(`${SUBSCRIPTIONS}/${id}/pause`, {
      reason: 'maintenance',
    });
    expect(paused.body.data).toMatchObject({ state: 'paused', state_reason: 'maintenance' });
    const resumed = await admin.post<{ data: Subscription }>(`${SUBSCRIPTIONS}/${id}/resume`);
    expect(resumed.body.data).toMatchObject({ state: 'active', state_reason: null });
    expect((await admin.delete(`${SUBSCRIPTIONS}/${id}`)).status).toBe(204);
    expect((await admin.get(`${SUBSCRIPTIONS}/${id}`)).status).toBe(404);
    expect((await admin.delete(`${SUBSCRIPTIONS}/${id}`)).status).toBe(404);
  });

  it('pages through the list by cursor, each once, newest first', async () => {
    const made = [await create(), await create(), await create()].map(({ id }) => id);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Reply<{
        data: Subscription[];
        meta: { after: string | null; has_more: boolean };
      }> = await admin.get(`${SUBSCRIPTIONS}?limit=2${after ? `&after=${after}` : ''}`);
      expect(page.body.data.length).toBeLessThanOrEqual(2);
      expect(page.body.meta.has_more).toBe(page.body.meta.after !== null);
      seen.push(...page.body.data.map(({ id }) => id));
      ({ after } = page.body.meta);
    } while (after);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 3)).toEqual(made.reverse());
    expect((await admin.get<Refused>(`${SUBSCRIPTIONS}?limit=201`)).status).toBe(400);
    expect((await admin.get<Refused>(`${SUBSCRIPTIONS}?after=nothing`)).status).toBe(400);
    expect((await admin.get<Refused>(`${SUBSCRIPTIONS}?colour=red`)).status).toBe(400);
  });

  it('lets in whom the role allows, and nobody else', async () => {
    expect((await app.anonymous.get(SUBSCRIPTIONS)).status).toBe(401);
    expect((await app.anonymous.get('/api/newswire/manage/subscriptions')).status).toBe(401);
    const role = (await app.strapi.db
      .query('admin::role')
      .findOne({ where: { code: 'strapi-editor' } })) as { id: number };
    const credentials = { email: 'editor@example.com', password: 'Newswire1!' };
    await app.strapi.service('admin::user').create({
      ...credentials,
      firstname: 'Ed',
      isActive: true,
      roles: [role.id],
    });
    const editor = await logIn(app.url, credentials);
    const routes = ['subscriptions', 'deliveries', 'events', 'catalogue', 'status'];
    for (const path of routes) {
      expect((await editor.get(`/newswire/${path}`)).status, path).toBe(403);
    }
    expect((await editor.post(SUBSCRIPTIONS, VALID)).status).toBe(403);
  });

  it('gives API tokens the same operations with the same bodies', async () => {
    const token = await app.apiToken();
    const made = await token.post<{ data: CreatedSubscription }>(
      '/api/newswire/manage/subscriptions',
      VALID,
    );
    expect(made.status).toBe(201);
    const path = `/api/newswire/manage/subscriptions/${made.body.data.id}`;
    expect((await token.get(path)).body).toEqual(
      (await admin.get(`${SUBSCRIPTIONS}/${made.body.data.id}`)).body,
    );
    expect((await token.patch(path, { name: 'By token' })).status).toBe(200);
    expect((await token.delete(path)).status).toBe(204);
    for (const list of ['subscriptions', 'deliveries', 'events', 'catalogue', 'status']) {
      expect((await token.get(`/api/newswire/manage/${list}`)).status, list).toBe(200);
    }
  });

  it('lists the catalogue', async () => {
    const { body } = await admin.get<{ data: { event_type: string }[] }>('/newswire/catalogue');
    expect(body.data.map((entry) => entry.event_type)).toEqual([
      'ad.impression',
      'caption.available',
      'content.approved',
      'content.created',
      'content.ingested',
      'content.play',
      'content.preview.ready',
      'content.published',
      'content.ready',
      'content.rejected',
      'content.updated',
      'content.withdrawn',
      'contract.signatory_changed',
      'edition.scheduled',
      'edition.unscheduled',
      'entry.created',
      'entry.deleted',
      'entry.published',
      'entry.unpublished',
      'entry.updated',
      'executive.commissioner.created',
      'executive.commissioner.promoted',
      'executive.commissioner.updated',
      'executive.show_lead.assigned',
      'executive.show_lead.unassigned',
      'executive_role.created',
      'executive_role.updated',
      'license.accepted',
      'license.offer',
      'metric.threshold_crossed',
      'rendition.available',
      'rights.updated',
      'role_assignment.changed',
      'slate.announce',
      'title.available',
      'webhook.delivery_failed',
      'webhook.subscription_disabled',
      'webhook.subscription_paused',
      'webhook.subscription_recovered',
      'webhook.test',
    ]);
    expect(body.data.find(({ event_type }) => event_type === 'entry.created')).toMatchObject({
      schema_version: '1.0.0',
      audience: 'internal',
      approval: false,
      versions: ['1.0.0'],
      source: expect.arrayContaining(['api::person.person']) as unknown,
    });
  });
});
