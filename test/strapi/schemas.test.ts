import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent, generic } from '../../config';
import type {
  CatalogueEntry,
  ChangelogItem,
  PublishedEntry,
} from '../../server/src/contracts/catalogue';
import type { Delivery } from '../../server/src/contracts/delivery';
import type { StoredEvent } from '../../server/src/contracts/event';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import type { HttpClient } from '../support/http-client';
import { startReceiver } from '../support/receiver';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const PERSON = 'api::person.person';
const PEOPLE = `/content-manager/collection-types/${PERSON}`;
const NOA = { name: 'Noa Levi', slug: 'noa', title: 'Counsel', executive_role: 'legal' };

type Answered = { data: unknown; error: { message: string; details: { code: string } } };

/** Version 2 splits the name, and version 1 refuses one that is too long. */
const split = defineEvent({
  type: 'person.renewed',
  version: '2.0.0',
  summary: 'A person was renewed.',
  audience: 'partner',
  source: { uid: PERSON },
  priority: 'high',
  personal: ['first', 'last'],
  rules: [{ code: 'no_name', summary: 'There is a name.', check: () => [] }],
  sla: { withinSeconds: 300, share: 0.99 },
  changelog: [{ version: '2.0.0', changes: ['The name has two parts.'] }],
  payload: z.strictObject({ first: z.string(), last: z.string() }),
  examples: [{ first: 'Noa', last: 'Levi' }],
  previousVersions: [
    {
      version: '1.0.0',
      payload: z.strictObject({ name: z.string().max(20) }),
      down: ({ first, last }: { first: string; last: string }) => ({ name: `${first} ${last}` }),
    },
  ],
  when: () => true,
  build: ({ after }) => {
    const [first = '', last = ''] = String(after?.['name']).split(' ');
    return { first, last };
  },
});

/** What partners may tell, wherever the plugin runs. */
const INBOUND = [
  'ad.impression',
  'content.ingested',
  'content.play',
  'content.rejected',
  'license.accepted',
];

describe('The published schemas', () => {
  let app: TestStrapi;
  let admin: HttpClient;

  beforeAll(async () => {
    app = await startStrapi({
      options: (options) => ({ ...options, presets: [generic()], events: [split] }),
    });
    admin = await app.admin();
  });
  afterAll(() => app.stop());

  const open = <Body>(address: string) => app.anonymous.get<Body>(`/api/newswire${address}`);
  const codeOf = async (address: string) => {
    const { status, body } = await open<Answered>(address);
    return [status, body.error.details.code];
  };

  it('are listed for anybody, those of definitions with an audience outside alone', async () => {
    const { status, body, headers } = await open<{ data: PublishedEntry[]; meta: object }>(
      '/schemas',
    );
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    const types = body.data.map(({ event_type }) => event_type);
    expect(types).toEqual([...INBOUND, 'person.renewed'].sort());
    expect(body.data.filter(({ event_type }) => event_type === 'person.renewed')).toEqual([
      {
        event_type: 'person.renewed',
        version: '2.0.0',
        versions: ['2.0.0', '1.0.0'],
        summary: 'A person was renewed.',
        links: {
          schema: expect.stringMatching(
            /^http.*\/api\/newswire\/schemas\/person\.renewed\/2\.0\.0$/,
          ),
          changelog: expect.stringMatching(/\/schemas\/person\.renewed\/changelog$/),
        },
      },
    ]);
    expect(body.meta).toEqual({ after: null, has_more: false });
  });

  it('describe whole events, of every version, and fit what is recorded', async () => {
    expect((await admin.post(PEOPLE, NOA)).status).toBe(201);
    const events = await waitFor(async () => {
      const { body } = await admin.get<{ data: StoredEvent[] }>(
        '/newswire/events?event_type=person.renewed',
      );
      return body.data.filter(({ sequence_number }) => sequence_number !== null)[0];
    });
    const { body, headers } = await open<Record<string, unknown>>('/schemas/person.renewed/2.0.0');
    expect(headers.get('content-type')).toMatch(/^application\/schema\+json/);
    expect(body).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: expect.stringMatching(/\/schemas\/person\.renewed\/2\.0\.0$/),
      title: 'person.renewed',
      examples: [{ payload: { first: 'Noa', last: 'Levi' } }],
      properties: { payload: { properties: { first: { type: 'string' } } } },
    });
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const validate = ajv.compile(body);
    expect(validate(events), ajv.errorsText(validate.errors)).toBe(true);

    const older = await open<Record<string, unknown>>('/schemas/person.renewed/1.0.0');
    expect(older.body).toMatchObject({
      properties: { payload: { properties: { name: { maxLength: 20 } } } },
    });
    expect(older.body).not.toHaveProperty('examples');
  });

  it('are answered with 304 to who has them', async () => {
    for (const address of [
      '/schemas',
      '/schemas/person.renewed/2.0.0',
      '/schemas/person.renewed/changelog',
      '/asyncapi.json',
    ]) {
      const url = `${app.url}/api/newswire${address}`;
      const first = await fetch(url);
      const tag = first.headers.get('etag') ?? '';
      expect(tag).toMatch(/^"/);
      const again = await fetch(url, { headers: { 'If-None-Match': tag } });
      expect([again.status, await again.text()]).toEqual([304, '']);
      const other = await fetch(url, { headers: { 'If-None-Match': '"other"' } });
      expect(await other.text()).toBe(await first.text());
    }
  });

  it('tell what changed, in the words of the definition where it has some', async () => {
    const { body } = await open<{ data: ChangelogItem[] }>('/schemas/person.renewed/changelog');
    expect(body.data).toEqual([
      {
        version: '2.0.0',
        recorded_at: expect.stringMatching(/^20\d\d-.*Z$/),
        changes: ['The name has two parts.'],
      },
      { version: '1.0.0', recorded_at: expect.any(String), changes: ['The first version.'] },
    ]);
  });

  it('are not there for what is internal, unknown, or meant to do harm', async () => {
    const unknown = [404, 'unknown_event_type'];
    for (const type of [
      'entry.created',
      'webhook.test',
      'person.gone',
      'constructor',
      '__proto__',
      'toString',
      '%2e%2e%2fx',
      'person%2erenewed%00',
      '%E0%A4%A',
      '%27%20or%201%3D1',
      'a'.repeat(7_000),
    ]) {
      expect(await codeOf(`/schemas/${type}/1.0.0`), type).toEqual(unknown);
      expect(await codeOf(`/schemas/${type}/changelog`), type).toEqual(unknown);
    }
    for (const version of ['9.0.0', 'latest', '2', 'constructor', '1.0.0%00', '9'.repeat(7_000)]) {
      const got = await codeOf(`/schemas/person.renewed/${version}`);
      expect(got, version).toEqual([404, 'unknown_version']);
    }
    expect((await open('/schemas/person%2erenewed/2%2e0%2e0')).status).toBe(200);
  });

  it('are one AsyncAPI document for anybody', async () => {
    const { status, headers, body } = await open<Record<string, object>>('/asyncapi.json');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/json/);
    expect(body).toMatchObject({ asyncapi: '3.0.0' });
    const inbound = INBOUND.map((type) => `receive.${type}`);
    expect(Object.keys(body['operations'] ?? {}).sort()).toEqual([
      ...inbound,
      'send.person.renewed',
    ]);
    expect(JSON.stringify(body)).not.toMatch(/entry\.created|webhook\.test/);
  });

  it('are all in the catalogue, for admins and automation', async () => {
    const byToken = await app.apiToken();
    for (const [client, base] of [
      [admin, '/newswire'],
      [byToken, '/api/newswire/manage'],
    ] as const) {
      const { body } = await client.get<{ data: CatalogueEntry[] }>(`${base}/catalogue`);
      expect(body.data.find(({ event_type }) => event_type === 'person.renewed')).toEqual({
        event_type: 'person.renewed',
        schema_version: '2.0.0',
        summary: 'A person was renewed.',
        audience: 'partner',
        approval: false,
        priority: 'high',
        preset: 'own',
        source: [PERSON],
        versions: ['2.0.0', '1.0.0'],
        personal: ['first', 'last'],
        rules: [{ code: 'no_name', summary: 'There is a name.' }],
        sla: { within_seconds: 300, share: 0.99 },
      });
      expect(body.data.find(({ event_type }) => event_type === 'entry.created')).toMatchObject({
        audience: 'internal',
        preset: 'generic',
        versions: ['1.0.0'],
        sla: null,
      });
      const schema = await client.get<object>(`${base}/catalogue/entry.created/1.0.0`);
      expect(schema.status).toBe(200);
      expect(schema.body).toMatchObject({ title: 'entry.created' });
      const unknown = await client.get<Answered>(`${base}/catalogue/constructor/1.0.0`);
      expect([unknown.status, unknown.body.error.details.code]).toEqual([
        404,
        'unknown_event_type',
      ]);
    }
    for (const address of ['/newswire/catalogue', '/newswire/catalogue/entry.created/1.0.0']) {
      expect((await app.anonymous.get(address)).status).toBe(401);
      const managed = address.replace('/newswire', '/api/newswire/manage');
      expect([401, 403]).toContain((await app.anonymous.get(managed)).status);
    }
  });

  it('can be pinned: a subscription has each event in its major version, or a dead letter with the reason', async () => {
    const receiver = await startReceiver();
    const subscribe = (major: number) =>
      admin.post<{ data: CreatedSubscription } & Answered>('/newswire/subscriptions', {
        name: `Major ${major}`,
        destination: { url: receiver.url(`/${major}`) },
        event_types: ['person.renewed'],
        shape: { schema_majors: { 'person.renewed': major } },
      });
    const refused = await subscribe(3);
    expect([refused.status, refused.body.error.message]).toEqual([
      400,
      expect.stringMatching(/no major version 3; there is 2, 1/),
    ]);
    const [one, two] = [await subscribe(1), await subscribe(2)];
    expect([one.status, two.status]).toEqual([201, 201]);

    await admin.post(PEOPLE, { ...NOA, slug: 'bo', name: 'Bo Ek' });
    await receiver.received(2);
    const bodies = receiver.requests.map(({ path: url, headers, body }) => [
      url,
      headers['x-schema-version'],
      (JSON.parse(String(body)) as StoredEvent).schema_version,
      (JSON.parse(String(body)) as StoredEvent).payload,
    ]);
    expect(bodies.sort()).toEqual([
      [expect.stringMatching(/1$/), '1.0.0', '1.0.0', { name: 'Bo Ek' }],
      [expect.stringMatching(/2$/), '2.0.0', '2.0.0', { first: 'Bo', last: 'Ek' }],
    ]);

    const long = 'Wolfeschlegelsteinhausen Bergerdorff';
    await admin.post(PEOPLE, { ...NOA, slug: 'wolfe', name: long });
    await receiver.received(3);
    const dead = await waitFor(async () => {
      const { body } = await admin.get<{ data: Delivery[] }>(
        `/newswire/deliveries?status=dead&subscription_id=${one.body.data.id}`,
      );
      return body.data[0];
    });
    expect(dead.reason).toMatch(
      /version 1\.0\.0 of person\.renewed.*payload\.name.*nothing was sent/,
    );
    await receiver.close();
  });
});
