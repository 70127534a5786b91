import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { generic } from '../../config';
import { describeOnEachDatabase, createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { EventLog } from '../support/event-log';
import type { HttpClient } from '../support/http-client';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const SHOW = 'api::show.show';
const SHOWS = `/content-manager/collection-types/${SHOW}`;
const WATCHED = [
  SHOW,
  'admin::user',
  'admin::role',
  'plugin::users-permissions.user',
  'plugin::users-permissions.role',
  'plugin::upload.file',
];

/** Every way of writing that has a hook, by its own door: each makes its event, and makes it once. */
describeOnEachDatabase('A write that comes', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let strapi: Core.Strapi;
  let admin: HttpClient;
  let log: EventLog;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({
      database,
      options: (options) => ({
        ...options,
        presets: [generic({ contentTypes: WATCHED, drafts: [SHOW] })],
      }),
    });
    ({ strapi } = app);
    admin = await app.admin();
    log = new EventLog(strapi);
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });
  beforeEach(async () => {
    await log.next();
  });

  const told = async () =>
    (await log.next()).map(({ event_type, status, actor, payload }) => {
      const { content_type, entry } = payload as {
        content_type: string;
        entry: { title?: string };
      };
      expect(status, JSON.stringify(payload)).not.toBe('invalid');
      return [event_type, content_type, actor.type, entry.title ?? ''].join(' ').trim();
    });
  const shows = async (...titles: string[]) => {
    const ids: string[] = [];
    for (const title of titles) {
      const slug = `${title}-${Math.random()}`.toLowerCase().replace(/[^a-z0-9-]/g, '');
      const made = await admin.post<{ data: { documentId: string } }>(SHOWS, {
        title,
        slug,
        genre: 'drama',
      });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      ids.push(made.body.data.documentId);
    }
    return ids;
  };

  it('from the content manager: created, saved, published, published again, withdrawn, deleted', async () => {
    const [id] = await shows('Rivals');
    expect(await told()).toEqual([`entry.created ${SHOW} admin Rivals`]);
    await admin.put(`${SHOWS}/${id}`, { title: 'Rivals II' });
    expect(await told()).toEqual([`entry.updated ${SHOW} admin Rivals II`]);
    await admin.post(`${SHOWS}/${id}/actions/publish`, { title: 'Rivals III' });
    expect((await told()).sort()).toEqual([
      `entry.published ${SHOW} admin Rivals III`,
      `entry.updated ${SHOW} admin Rivals III`,
    ]);
    await admin.post(`${SHOWS}/${id}/actions/publish`, {});
    expect(await told()).toEqual([]);
    await admin.post(`${SHOWS}/${id}/actions/unpublish`, {});
    expect(await told()).toEqual([`entry.unpublished ${SHOW} admin Rivals III`]);
    await admin.delete(`${SHOWS}/${id}`);
    expect(await told()).toEqual([`entry.deleted ${SHOW} admin Rivals III`]);
  });

  it('from its bulk actions: an event for each document', async () => {
    const documentIds = await shows('One', 'Two', 'Three');
    await log.next();
    for (const [action, type] of [
      ['bulkPublish', 'entry.published'],
      ['bulkUnpublish', 'entry.unpublished'],
      ['bulkDelete', 'entry.deleted'],
    ]) {
      const done = await admin.post(`${SHOWS}/actions/${action}`, { documentIds });
      expect(done.status, JSON.stringify(done.body)).toBe(200);
      expect((await told()).sort()).toEqual([
        `${type} ${SHOW} admin One`,
        `${type} ${SHOW} admin Three`,
        `${type} ${SHOW} admin Two`,
      ]);
    }
  });

  it('from a clone, and from a draft that is thrown away', async () => {
    const [id] = await shows('Harbour');
    await admin.post(`${SHOWS}/${id}/actions/publish`, {});
    await admin.put(`${SHOWS}/${id}`, { title: 'Harbour, changed' });
    await log.next();
    await admin.post(`${SHOWS}/${id}/actions/discard`, {});
    expect(await told()).toEqual([`entry.updated ${SHOW} admin Harbour`]);
    await admin.post(`${SHOWS}/clone/${id}`, {
      title: 'Harbour, copied',
      slug: `copy-${Math.random()}`.replace('.', ''),
    });
    expect(await told()).toEqual([`entry.created ${SHOW} admin Harbour, copied`]);
  });

  it('from the REST API, which publishes as it saves', async () => {
    const token = await app.apiToken();
    const made = await token.post<{ data: { documentId: string } }>('/api/shows', {
      data: { title: 'Tide', slug: `tide-${dialect}`, genre: 'drama' },
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await told()).sort()).toEqual([
      `entry.created ${SHOW} api-token Tide`,
      `entry.published ${SHOW} api-token Tide`,
    ]);
    const { documentId } = made.body.data;
    await token.put(`/api/shows/${documentId}`, { data: { title: 'Tide II' } });
    expect((await told()).sort()).toEqual([
      `entry.published ${SHOW} api-token Tide II`,
      `entry.updated ${SHOW} api-token Tide II`,
    ]);
    await token.delete(`/api/shows/${documentId}`);
    expect((await told()).sort()).toEqual([`entry.deleted ${SHOW} api-token Tide II`]);
  });

  it('from the older entity service, as the document service it hands over to', async () => {
    const { entityService } = strapi as unknown as {
      entityService: Record<
        'create' | 'update' | 'delete',
        (...input: unknown[]) => Promise<{ id: number }>
      >;
    };
    const { id } = await entityService.create(SHOW, {
      data: { title: 'Old', slug: `old-${dialect}`, genre: 'drama' },
    });
    // It publishes as it saves, and a published row is a new one each time.
    const updated = await entityService.update(SHOW, id, { data: { title: 'Older' } });
    await entityService.delete(SHOW, updated.id);
    expect(await told()).toEqual([
      `entry.created ${SHOW} system Old`,
      `entry.published ${SHOW} system Old`,
      `entry.updated ${SHOW} system Older`,
      `entry.published ${SHOW} system Older`,
      `entry.deleted ${SHOW} system Older`,
    ]);
  });

  it("from the administration of the panel's users and roles", async () => {
    const role = await admin.post<{ data: { id: number } }>('/admin/roles', { name: 'Desk' });
    const made = await admin.post<{ data: { id: number } }>('/admin/users', {
      email: 'noa@example.com',
      firstname: 'Noa',
      roles: [role.body.data.id],
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const { id } = made.body.data;
    await admin.put(`/admin/users/${id}`, { lastname: 'Bright' });
    await admin.delete(`/admin/users/${id}`);
    await admin.delete(`/admin/roles/${role.body.data.id}`);
    const events = await log.next();
    expect(events.map(({ event_type, subject }) => `${event_type} ${subject.type}`)).toEqual([
      'entry.created admin::role',
      'entry.created admin::user',
      'entry.updated admin::user',
      'entry.deleted admin::user',
      'entry.deleted admin::role',
    ]);
    expect(JSON.stringify(events)).not.toMatch(/password|registrationToken/i);
  });

  it('from users and roles of the users-permissions plugin', async () => {
    const users = strapi.plugin('users-permissions').service('user');
    const user = (await users.add({
      username: 'viewer',
      email: 'viewer@example.com',
      password: 'Viewing1!',
      provider: 'local',
    })) as { id: number };
    await users.edit(user.id, { username: 'watcher', password: 'Watching1!' });
    await users.edit(user.id, { password: 'Watching2!' });
    await users.remove({ id: user.id });
    const roles = strapi.plugin('users-permissions').service('role');
    await roles.createRole({ name: 'Partners', description: '-', permissions: {} });
    const events = await log.next();
    expect(events.map(({ event_type, subject }) => `${event_type} ${subject.type}`)).toEqual([
      'entry.created plugin::users-permissions.user',
      'entry.updated plugin::users-permissions.user',
      'entry.deleted plugin::users-permissions.user',
      'entry.created plugin::users-permissions.role',
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Watching|\$2[aby]\$/);
  });

  it('from the media library', async () => {
    const file = path.join(tmpdir(), `newswire-${dialect}-${process.pid}.txt`);
    writeFileSync(file, 'A trailer');
    const uploads = strapi.plugin('upload').service('upload');
    const [uploaded] = (await uploads.upload({
      data: { fileInfo: { name: 'trailer.txt' } },
      files: { filepath: file, originalFilename: 'trailer.txt', mimetype: 'text/plain', size: 9 },
    })) as { id: number }[];
    await uploads.updateFileInfo(uploaded?.id, { alternativeText: 'A trailer' });
    await uploads.remove(await uploads.findOne(uploaded?.id));
    const events = await log.next();
    expect(
      events.map(({ event_type, changed }) => [event_type, changed.includes('alternativeText')]),
    ).toEqual([
      ['entry.created', false],
      ['entry.updated', true],
      ['entry.deleted', true],
    ]);
  });
});
