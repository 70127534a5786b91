import type { Core } from '@strapi/strapi';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { generic } from '../../config';
import { describeOnEachDatabase, createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { EventLog } from '../support/event-log';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const PERSON = 'api::person.person';
const TITLE = 'api::title.title';
const USER = 'plugin::users-permissions.user';

describeOnEachDatabase('Capture of what goes round the document service', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let strapi: Core.Strapi;
  let log: EventLog;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({
      database,
      options: (options) => ({
        ...options,
        presets: [generic({ contentTypes: [PERSON, TITLE, USER] })],
      }),
    });
    ({ strapi } = app);
    log = new EventLog(strapi);
    await strapi.plugin('i18n').service('locales').create({ code: 'fr', name: 'French (fr)' });
  });

  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  beforeEach(async () => {
    await log.next();
  });

  const query = () => strapi.db.query(PERSON);
  const data = (name: string) => ({
    name,
    slug: `p-${Math.random()}`,
    title: 'Counsel',
    executive_role: 'legal',
  });
  const make = async (name: string) => {
    const { documentId } = await strapi.documents(PERSON).create({ data: data(name) as never });
    await log.next();
    return documentId;
  };

  it('covers single writes through the query engine', async () => {
    const row = (await query().create({ data: data('Direct') })) as { id: number };
    await query().update({ where: { id: row.id }, data: { name: 'Direct II' } });
    await query().delete({ where: { id: row.id } });
    expect(await log.next()).toMatchObject([
      { event_type: 'entry.created', payload: { entry: { name: 'Direct' } } },
      {
        event_type: 'entry.updated',
        changed: ['name'],
        payload: { entry: { name: 'Direct II' }, previous: { name: 'Direct' } },
      },
      { event_type: 'entry.deleted', payload: { entry: { name: 'Direct II' } } },
    ]);
  });

  it('covers createMany, and creates that answer with less than the documentId', async () => {
    await query().createMany({ data: [data('X'), data('Y'), data('Z')] });
    const created = await log.next();
    expect(
      created.map((event) => (event.payload as { entry: { name: string } }).entry.name),
    ).toEqual(['X', 'Y', 'Z']);
    expect(new Set(created.map((event) => event.subject.id)).size).toBe(3);
    await query().create({ data: data('Selected'), select: ['name'] });
    expect(await log.next()).toMatchObject([{ payload: { entry: { name: 'Selected' } } }]);
  });

  it('covers updateMany and deleteMany, an event for each document', async () => {
    const ids = [await make('A'), await make('B'), await make('C')];
    await query().updateMany({ where: { documentId: { $in: ids } }, data: { title: 'Judge' } });
    const updated = await log.next();
    expect(updated.map((event) => event.event_type)).toEqual(Array(3).fill('entry.updated'));
    expect(updated.map((event) => event.subject.id).sort()).toEqual([...ids].sort());
    await query().deleteMany({ where: { documentId: { $in: ids } } });
    expect(await log.nextTypes()).toEqual(Array(3).fill('entry.deleted'));
  });

  it('leaves neither the write nor its event when its transaction is rolled back', async () => {
    const documentId = await make('Stays');
    const failing = strapi.db.transaction(async () => {
      await query().updateMany({ where: { documentId }, data: { name: 'Goes' } });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await log.next()).toEqual([]);
    expect(await query().findOne({ where: { documentId } })).toMatchObject({ name: 'Stays' });
  });

  it('covers the removal of a users-permissions user, and never shows the password', async () => {
    const user = (await strapi
      .plugin('users-permissions')
      .service('user')
      .add({ username: 'kim', email: 'kim@example.com', password: 'Secret123!' })) as {
      id: number;
    };
    await strapi.plugin('users-permissions').service('user').remove({ id: user.id });
    const events = await log.next();
    expect(events.map((event) => event.event_type)).toEqual(['entry.created', 'entry.deleted']);
    expect(JSON.stringify(events)).not.toContain('password');
  });

  it('covers attributes that i18n copies into sibling locales, in the same transaction', async () => {
    const titles = strapi.documents(TITLE);
    const content = (title: string, language: string) =>
      ({ title, content_id: 'fjord', language }) as never;
    const { documentId } = await titles.create({
      data: content('The Fjord', 'en-GB'),
      locale: 'en',
      status: 'published',
    });
    await titles.update({
      documentId,
      data: content('Le Fjord', 'en-GB'),
      locale: 'fr',
      status: 'published',
    });
    await log.next();
    await titles.update({ documentId, locale: 'en', data: content('The Fjord', 'nb-NO') });
    await titles.publish({ documentId, locale: 'en' });
    const rows = (await strapi.db.query(TITLE).findMany({
      where: { documentId, publishedAt: { $notNull: true } },
    })) as { locale: string; language: string }[];
    const changed = (await log.next()).map((event) => event.subject.locale).sort();
    const differing = rows.filter((row) => row.language === 'nb-NO').map((row) => row.locale);
    expect(changed).toEqual(differing.sort());
    expect(changed).toContain('en');
  });

  it('covers the removal of a locale', async () => {
    const titles = strapi.documents(TITLE);
    const { documentId } = await titles.create({
      data: { title: 'Gone in French', content_id: 'gone', language: 'fr-FR' } as never,
      locale: 'fr',
      status: 'published',
    });
    await log.next();
    await strapi.db.query(TITLE).deleteMany({ where: { locale: 'fr' } });
    const events = await log.next();
    expect(events.map((event) => [event.event_type, event.subject.locale])).toContainEqual([
      'entry.deleted',
      'fr',
    ]);
    expect(events.map((event) => event.subject.id)).toContain(documentId);
  });
});
