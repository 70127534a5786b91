import type { Core } from '@strapi/strapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Preset } from '../../config';
import { describeOnEachDatabase, createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { EventLog } from '../support/event-log';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const PERSON = 'api::person.person';
const SHOW = 'api::show.show';
const TITLE = 'api::title.title';

describeOnEachDatabase('Capture of the document service', (dialect) => {
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
        presets: (options['presets'] as Preset[]).filter(({ name }) => name !== 'content'),
      }),
    });
    ({ strapi } = app);
    log = new EventLog(strapi);
    await strapi.plugin('i18n').service('locales').create({ code: 'fr', name: 'French (fr)' });
    await log.next();
  });

  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  const people = () => strapi.documents(PERSON);
  const shows = () => strapi.documents(SHOW);
  const titles = () => strapi.documents(TITLE);
  const makePerson = async (data: object = {}) =>
    people().create({
      data: {
        name: 'Ana Ruiz',
        slug: `ana-${Math.random()}`,
        title: 'Counsel',
        executive_role: 'legal',
        ...data,
      } as never,
    });
  const makeShow = async (data: object = {}) =>
    shows().create({
      data: { title: 'Rivals', slug: `rivals-${Math.random()}`, genre: 'drama', ...data } as never,
    });

  it('makes created, updated and deleted events of a type without draft and publish', async () => {
    const { documentId } = await makePerson();
    await people().update({ documentId, data: { name: 'Ana Ruiz Vega' } as never });
    await people().delete({ documentId });
    const [created, updated, deleted, ...rest] = await log.next();
    expect(rest).toEqual([]);
    expect(created).toMatchObject({
      event_type: 'entry.created',
      subject: { type: PERSON, id: documentId, locale: null },
      actor: { type: 'system', user_id: null },
      payload: { content_type: PERSON, entry: { name: 'Ana Ruiz', executive_role: 'legal' } },
    });
    expect(updated).toMatchObject({
      event_type: 'entry.updated',
      changed: ['name'],
      payload: { entry: { name: 'Ana Ruiz Vega' }, previous: { name: 'Ana Ruiz' } },
    });
    expect(deleted).toMatchObject({
      event_type: 'entry.deleted',
      payload: { entry: { name: 'Ana Ruiz Vega' }, previous: {} },
    });
  });

  it('makes no event of a save that changes nothing, nor of an unknown document', async () => {
    const { documentId } = await makePerson();
    await log.next();
    await people().update({ documentId, data: { name: 'Ana Ruiz' } as never });
    expect(
      await people().update({ documentId: 'nobody', data: { name: 'X' } as never }),
    ).toBeNull();
    await people().delete({ documentId: 'nobody' });
    expect(await log.nextTypes()).toEqual([]);
  });

  it('lets the published state count where there are drafts', async () => {
    const { documentId } = await makeShow();
    await shows().update({ documentId, data: { title: 'Rivals II' } as never });
    expect(await log.nextTypes()).toEqual([]);

    await shows().publish({ documentId });
    const [published] = await log.next();
    expect(published).toMatchObject({
      event_type: 'entry.published',
      payload: { entry: { title: 'Rivals II' }, previous: {} },
    });

    await shows().update({ documentId, data: { title: 'Rivals III' } as never });
    await shows().discardDraft({ documentId });
    await shows().publish({ documentId });
    expect(await log.nextTypes()).toEqual([]);

    await shows().update({ documentId, data: { title: 'Rivals IV' } as never });
    await shows().publish({ documentId });
    const [republished] = await log.next();
    expect(republished).toMatchObject({
      event_type: 'entry.published',
      changed: ['title'],
      payload: { entry: { title: 'Rivals IV' }, previous: { title: 'Rivals II' } },
    });

    await shows().unpublish({ documentId });
    expect(await log.nextTypes()).toEqual(['entry.unpublished']);
    await shows().delete({ documentId });
    expect(await log.nextTypes()).toEqual([]);
  });

  it('captures status published on create and update, and the deletion of what is published', async () => {
    const { documentId } = await shows().create({
      data: { title: 'Sisters', slug: 'sisters', genre: 'drama' } as never,
      status: 'published',
    });
    await shows().update({ documentId, data: { title: 'Sisters!' } as never, status: 'published' });
    await shows().delete({ documentId });
    const events = await log.next();
    expect(events.map((event) => event.event_type)).toEqual([
      'entry.published',
      'entry.published',
      'entry.deleted',
    ]);
    expect(events.map((event) => event.payload)).toMatchObject([
      { entry: { title: 'Sisters' } },
      { entry: { title: 'Sisters!' }, previous: { title: 'Sisters' } },
      { entry: { title: 'Sisters!' } },
    ]);
  });

  it('captures clones as new documents', async () => {
    const { documentId } = await makePerson({ name: 'Original' });
    await log.next();
    const clone = await people().clone({
      documentId,
      data: { slug: `copy-${Math.random()}` } as never,
    });
    const [created, ...rest] = await log.next();
    expect(rest).toEqual([]);
    expect(created).toMatchObject({
      event_type: 'entry.created',
      subject: { id: clone?.documentId },
      payload: { entry: { name: 'Original' } },
    });
    expect(clone?.documentId).not.toBe(documentId);
  });

  it('captures many documents in one transaction, each once', async () => {
    const made = await Promise.all([makeShow(), makeShow(), makeShow()]);
    await strapi.db.transaction(async () => {
      await Promise.all(made.map(({ documentId }) => shows().publish({ documentId })));
    });
    const published = await log.next();
    expect(published.map((event) => event.event_type)).toEqual(Array(3).fill('entry.published'));
    expect(new Set(published.map((event) => event.subject.id))).toEqual(
      new Set(made.map(({ documentId }) => documentId)),
    );
    await strapi.db.transaction(async () => {
      await Promise.all(made.map(({ documentId }) => shows().delete({ documentId })));
    });
    expect(await log.nextTypes()).toEqual(Array(3).fill('entry.deleted'));
  });

  it('captures each locale by itself, and what spills over into sibling locales', async () => {
    const { documentId } = await titles().create({
      data: { title: 'The Fjord', content_id: 'c-1', language: 'en-GB' } as never,
      locale: 'en',
    });
    await titles().update({
      documentId,
      locale: 'fr',
      data: { title: 'Le Fjord', content_id: 'c-1', language: 'en-GB' } as never,
    });
    await titles().publish({ documentId, locale: '*' });
    const published = await log.next();
    expect(published.map(({ event_type, subject }) => [event_type, subject.locale]).sort()).toEqual(
      [
        ['entry.published', 'en'],
        ['entry.published', 'fr'],
      ],
    );
    await titles().unpublish({ documentId, locale: 'fr' });
    expect((await log.next()).map((event) => [event.event_type, event.subject.locale])).toEqual([
      ['entry.unpublished', 'fr'],
    ]);
  });

  it('gives equal change tokens for equal states, and others for others', async () => {
    const { documentId } = await makePerson({ name: 'Token' });
    await people().update({ documentId, data: { name: 'Other' } as never });
    await people().update({ documentId, data: { name: 'Token' } as never });
    const tokens = (await log.next()).map((event) => event.subject.change_token);
    expect(tokens).toHaveLength(3);
    expect(tokens[2]).toBe(tokens[0]);
    expect(tokens[1]).not.toBe(tokens[0]);
  });

  it('never shows private attributes, and makes no generic event of their change', async () => {
    const { documentId } = await makePerson({ email: 'ana@example.com' });
    const [created] = await log.next();
    expect(JSON.stringify(created)).not.toContain('ana@example.com');
    await people().update({ documentId, data: { email: 'ana2@example.com' } as never });
    expect(await log.nextTypes()).toEqual([]);
  });

  it('makes the executive events: created, promoted by the ranking, updated otherwise', async () => {
    const { documentId } = await makePerson({
      executive_role: 'commissioner',
      title: 'Head of Drama',
    });
    expect(await log.nextTypes()).toEqual(['executive.commissioner.created', 'entry.created']);
    await people().update({ documentId, data: { title: 'Head of Scripted' } as never });
    expect(await log.nextTypes()).toEqual(['executive.commissioner.promoted', 'entry.updated']);
    await people().update({ documentId, data: { title: 'Head of Drama' } as never });
    expect(await log.nextTypes()).toEqual(['executive.commissioner.updated', 'entry.updated']);
    await people().update({ documentId, data: { executive_role: 'legal' } as never });
    expect(await log.nextTypes()).toEqual(['executive.commissioner.updated', 'entry.updated']);
  });

  it('makes assigned and unassigned when one show lead replaces another', async () => {
    const one = await makePerson({ name: 'Cass Webb' });
    const other = await makePerson({ name: 'Ola Berg' });
    const { documentId } = await makeShow({ title: 'Harbour', show_lead: one.documentId });
    await log.next();
    await shows().publish({ documentId });
    expect(await log.next()).toMatchObject([
      {
        event_type: 'executive.show_lead.assigned',
        payload: { show: 'Harbour', name: 'Cass Webb', executive_id: one.documentId },
      },
      { event_type: 'entry.published' },
    ]);
    await shows().update({ documentId, data: { show_lead: other.documentId } as never });
    await shows().publish({ documentId });
    expect(await log.next()).toMatchObject([
      {
        event_type: 'executive.show_lead.unassigned',
        payload: { name: 'Cass Webb', other_executive_id: other.documentId },
      },
      {
        event_type: 'executive.show_lead.assigned',
        payload: { name: 'Ola Berg', other_executive_id: one.documentId },
      },
      { event_type: 'entry.published', changed: ['show_lead'] },
    ]);
  });
});
