import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent, generic } from '../../config';
import type { CatalogueEntry, ChangelogItem } from '../../server/src/contracts/catalogue';
import { changedAttributes } from '../support/changed-attributes';
import { createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { EventLog } from '../support/event-log';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const PERSON = 'api::person.person';
const PEOPLE = `/content-manager/collection-types/${PERSON}`;
const NOA = { name: 'Noa Levi', slug: 'noa', title: 'Counsel', executive_role: 'legal' };

function renewed(version: string, shape: z.ZodRawShape = { name: z.string() }) {
  return defineEvent({
    type: 'person.renewed',
    version,
    summary: 'A person was renewed.',
    audience: 'partner',
    source: { uid: PERSON },
    payload: z.strictObject(shape),
    when: () => true,
    build: ({ after }) => ({ name: after?.['name'], years: 1 }),
  });
}

describe('A changed schema', () => {
  let database: TestDatabase;
  let app: TestStrapi | undefined;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
  });
  afterEach(async () => {
    await app?.stop();
    app = undefined;
  });
  afterAll(() => database.drop());

  const start = async (...events: ReturnType<typeof renewed>[]) =>
    (app = await startStrapi({
      database,
      options: (options) => ({ ...options, presets: [], events }),
    }));

  it('under an unchanged version stops the boot, and says what would be right', async () => {
    await (await start(renewed('1.0.0', { name: z.string(), years: z.int() }))).stop();
    await expect(start(renewed('1.0.0'))).rejects.toThrow(
      /"person\.renewed".*years: was removed \(breaking\).*raise version to "2\.0\.0"/s,
    );
    await expect(start(renewed('1.1.0'))).rejects.toThrow(/raise version to "2\.0\.0"/);
    await start(renewed('2.0.0'));
    const { body } = await (app as TestStrapi).anonymous.get<{ data: ChangelogItem[] }>(
      '/api/newswire/schemas/person.renewed/changelog',
    );
    expect(body.data).toMatchObject([
      { version: '2.0.0', changes: ['years: was removed (breaking)'] },
      { version: '1.0.0', changes: ['The first version.'] },
    ]);
  });
});

describe('A content type that is changed', () => {
  let database: TestDatabase;
  let app: TestStrapi | undefined;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
  });
  const stop = async () => {
    const running = app;
    app = undefined;
    await running?.stop();
  };
  afterEach(stop);
  afterAll(() => database.drop());

  /** Starts the demo with other attributes of a person, as the content-type builder would leave them. */
  const start = async (change: (attributes: Record<string, unknown>) => void) => {
    app = await startStrapi({
      database,
      options: (options) => ({ ...options, presets: [generic({ contentTypes: [PERSON] })] }),
      prepare: changedAttributes('person', change),
    });
    const admin = await app.admin();
    const log = new EventLog(app.strapi);
    await log.next();
    const save = async (rest: object) => {
      const slug = `p-${Math.random().toString(36).slice(2)}`;
      const reply = await admin.post(PEOPLE, { ...NOA, slug, ...rest });
      expect(reply.status, JSON.stringify(reply.body)).toBe(201);
      const [event] = await log.next();
      expect(event?.problems).toEqual([]);
      return event;
    };
    const changes = async () => {
      const { body } = await admin.get<{ data: CatalogueEntry[] }>('/newswire/catalogue');
      return body.data.find(({ event_type }) => event_type === 'entry.created')?.versions;
    };
    return { save, changes };
  };

  it('gives its generic events a new version at the next start, by itself', async () => {
    const first = await start(() => undefined);
    expect(await first.save({})).toMatchObject({ schema_version: '1.0.0' });
    expect(await first.changes()).toEqual(['1.0.0']);
    await stop();

    const added = await start((attributes) => {
      attributes['motto'] = { type: 'string' };
    });
    expect(await added.save({ motto: 'On time.' })).toMatchObject({
      schema_version: '1.1.0',
      payload: { entry: { motto: 'On time.' } },
    });
    await stop();

    const retyped = await start((attributes) => {
      attributes['motto'] = { type: 'json' };
    });
    expect(await retyped.save({ motto: ['On', 'time'] })).toMatchObject({
      schema_version: '2.0.0',
    });
    expect(await retyped.changes()).toEqual(['2.0.0', '1.1.0', '1.0.0']);
    await stop();

    const back = await start(() => undefined);
    expect(await back.save({})).toMatchObject({ schema_version: '1.0.0' });
  });
});
