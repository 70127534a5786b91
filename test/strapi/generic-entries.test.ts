import { afterAll, beforeAll, expect, it } from 'vitest';
import { generic } from '../../config';
import { changedAttributes } from '../support/changed-attributes';
import { createTestDatabase, describeOnEachDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { EventLog } from '../support/event-log';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const SHOW = 'api::show.show';
const EVERY: Record<string, object> = {
  e_text: { type: 'text' },
  e_rich: { type: 'richtext' },
  e_blocks: { type: 'blocks' },
  e_email: { type: 'email' },
  e_password: { type: 'password' },
  e_private: { type: 'string', private: true },
  e_choice: { type: 'enumeration', enum: ['one', 'two'] },
  e_integer: { type: 'integer' },
  e_big: { type: 'biginteger' },
  e_decimal: { type: 'decimal' },
  e_float: { type: 'float' },
  e_boolean: { type: 'boolean' },
  e_date: { type: 'date' },
  e_time: { type: 'time' },
  e_datetime: { type: 'datetime' },
  e_timestamp: { type: 'timestamp' },
  e_json: { type: 'json' },
  e_custom: { type: 'customField', customField: 'global::pick-list', options: { choices: ['a'] } },
  e_media: { type: 'media', multiple: false, allowedTypes: ['images'] },
  e_medias: { type: 'media', multiple: true, allowedTypes: ['images'] },
  e_component: { type: 'component', component: 'rights.window', repeatable: false },
  e_components: { type: 'component', component: 'licence.window', repeatable: true },
  e_zone: { type: 'dynamiczone', components: ['licence.fee', 'media.caption'] },
  e_one: { type: 'relation', relation: 'oneToOne', target: SHOW },
  e_many: { type: 'relation', relation: 'manyToMany', target: SHOW },
  e_morph: { type: 'relation', relation: 'morphToOne' },
  e_morphs: { type: 'relation', relation: 'morphToMany' },
};

const VALUES: Record<string, unknown> = {
  e_text: 'ü💥',
  e_rich: '# A',
  e_blocks: [{ type: 'paragraph', children: [{ type: 'text', text: 'A' }] }],
  e_email: 'a@example.com',
  e_password: 'secret-of-a-reader',
  e_private: 'for the desk alone',
  e_choice: 'one',
  e_integer: -7,
  e_big: '9007199254740991',
  e_decimal: 12.34,
  e_float: 0.125,
  e_boolean: false,
  e_date: '2026-01-15',
  e_time: '09:30:00.000',
  e_datetime: '2026-01-15T09:30:00.000Z',
  e_timestamp: '2026-01-15T09:30:00.000Z',
  e_json: { any: ['thing', null, 1.5] },
  e_custom: ['a'],
};

describeOnEachDatabase('A generic event of a type with every kind of attribute', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let log: EventLog;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({
      database,
      options: (options) => ({ ...options, presets: [generic({ drafts: [SHOW] })] }),
      prepare: changedAttributes('show', (attributes) => {
        Object.assign(attributes, EVERY);
      }),
    });
    log = new EventLog(app.strapi);
  }, 120_000);
  afterAll(async () => {
    await app?.stop();
    await database.drop();
  });

  const shows = () => app.strapi.documents(SHOW as never);
  const save = async (data: Record<string, unknown>) => {
    const made = (await shows().create({ data: data as never })) as { documentId: string };
    return made.documentId;
  };

  it('is valid, and has the values as they were saved', async () => {
    const other = await save({ title: 'Other', slug: 'other' });
    const id = await save({
      title: 'Every',
      slug: 'every',
      genre: 'drama',
      ...VALUES,
      e_component: {},
      e_components: [{}, {}],
      e_zone: [{ __component: 'licence.fee' }, { __component: 'media.caption' }],
      e_one: other,
      e_many: [other],
    });
    const [, event] = await log.next();
    expect(event).toMatchObject({ event_type: 'entry.created', problems: [] });
    const { entry } = event?.payload as { entry: Record<string, unknown> };
    const { e_password: _, e_private: __, e_timestamp, ...shown } = VALUES;
    expect(entry).toMatchObject({
      ...shown,
      // Some databases keep fractions of seconds.
      e_time: expect.stringMatching(/^09:30:00(\.000)?$/) as unknown,
      e_timestamp: String(new Date(String(e_timestamp)).getTime()),
      e_media: null,
      e_one: { document_id: other },
      e_many: [{ document_id: other }],
      e_zone: [{ __component: 'licence.fee' }, { __component: 'media.caption' }],
    });
    expect(JSON.stringify(event)).not.toMatch(/secret-of-a-reader|for the desk alone/);

    // What has to be filled in to publish it.
    const emptied = { e_zone: [], e_components: [], e_component: null, e_many: [] };
    await shows().update({ documentId: id, data: emptied as never });
    await shows().publish({ documentId: id } as never);
    await shows().delete({ documentId: id } as never);
    const rest = await log.next();
    expect(rest.map(({ event_type }) => event_type)).toEqual(
      expect.arrayContaining(['entry.updated', 'entry.published', 'entry.deleted']),
    );
    expect(rest.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('is valid where there is nothing but what has to be', async () => {
    await save({ title: 'Bare', slug: 'bare' });
    expect((await log.next()).flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('is valid for rows that hold a value which was taken out of its enumeration since', async () => {
    const id = await save({ title: 'Old', slug: 'old', e_choice: 'two' });
    await app.strapi.db
      .connection('shows')
      .where({ document_id: id })
      .update({ e_choice: 'three' });
    await shows().update({ documentId: id, data: { title: 'Older' } as never });
    const events = await log.next();
    expect(events.flatMap(({ problems }) => problems)).toEqual([]);
    expect(events.at(-1)?.payload).toMatchObject({ entry: { e_choice: 'three' } });
  });
});
