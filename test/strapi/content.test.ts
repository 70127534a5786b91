import type { Core } from '@strapi/strapi';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Preset } from '../../config';
import { describeOnEachDatabase, createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { expectContractsKept } from '../support/contracts';
import { EventLog } from '../support/event-log';
import type { LoggedEvent } from '../support/event-log';
import type { HttpClient } from '../support/http-client';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const TITLE = 'api::title.title';
const TITLES = `/content-manager/collection-types/${TITLE}`;
const CHECKSUM = `sha256:${'0a'.repeat(32)}`;

const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

const DAY = 86_400_000;
const inMilliseconds = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
const inDays = (days: number) => inMilliseconds(days * DAY).slice(0, 10);

/** Only `Date` is faked: timers go on, and with them the looking for due moments. */
const setClock = (now: string | number) => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(new Date(now));
};

const rendition = (name: string) => ({
  url: `https://cdn.northlight.example/${name}.mp4`,
  codec: 'h264',
  container: 'mp4',
  resolution: '1920x1080',
  bitrate: 6_000_000,
  file_size: '2160000000',
  checksum: CHECKSUM,
});
const caption = (language: string) => ({
  url: `https://cdn.northlight.example/${language}.vtt`,
  language,
  format: 'vtt',
});
const target = (publish_time: string | null) => ({
  platform_id: 'northlight-player',
  channel_id: 'rivals',
  publish_time,
});
const rights = (rest: object = {}) => ({
  territories: ['GB', 'IE'],
  start_date: inDays(-10),
  end_date: inDays(700),
  license_type: 'exclusive',
  license_id: 'LIC-RIV-0101',
  ...rest,
});

describeOnEachDatabase('The content preset on the demo', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let strapi: Core.Strapi;
  let editor: HttpClient;
  let log: EventLog;
  let show: string;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({
      database,
      options: (options) => ({
        ...options,
        presets: (options['presets'] as Preset[]).filter(({ name }) => name === 'content'),
        moments: { pollSeconds: 0.1 },
      }),
    });
    ({ strapi } = app);
    editor = await app.admin();
    log = new EventLog(strapi);
    const created = await strapi.documents('api::show.show').create({
      data: { title: 'Rivals', slug: 'rivals', genre: 'drama' } as never,
      status: 'published',
    });
    show = created.documentId;
  });

  afterEach(async () => {
    vi.useRealTimers();
    // Titles of one test are none of the next one's, whatever its clock says.
    await strapi.db.connection('newswire_moments').delete();
  });

  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  const bare = () => ({
    title: 'Rivals: The Franchise',
    content_id: `NL-${Math.random().toString(36).slice(2)}`,
    show: { connect: [{ documentId: show }] },
  });
  const complete = () => ({
    ...bare(),
    rights: rights(),
    renditions: [rendition('1080')],
    captions: [caption('en-GB')],
    thumbnails: [{ url: 'https://cdn.northlight.example/still.jpg', width: 1920, height: 1080 }],
  });

  /** As the content manager saves and publishes. */
  const save = async (documentId: string, data: object) => {
    const saved = await editor.put<{ data: Record<string, unknown> }>(
      `${TITLES}/${documentId}`,
      data,
    );
    expect(saved.status, JSON.stringify(saved.body)).toBe(200);
  };
  const publish = async (documentId: string, data: object = {}) => {
    const done = await editor.post(`${TITLES}/${documentId}/actions/publish`, data);
    expect(done.status, JSON.stringify(done.body)).toBe(200);
  };
  const make = async (data: object) => {
    const made = await editor.post<{ data: { documentId: string } }>(TITLES, data);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.data.documentId;
  };
  const types = (events: LoggedEvent[]) => events.map((event) => event.event_type).sort();
  const due = async () =>
    waitFor(async () => {
      const events = await log.next();
      return events.length > 0 ? events : undefined;
    });

  it('tells what an editor does to a title, from its creation to its withdrawal', async () => {
    const data = bare();
    const documentId = await make(data);
    expect(await log.next()).toEqual([]);

    await publish(documentId, data);
    const [created, published, ...others] = await log.next();
    expect(others).toEqual([]);
    expect(created).toMatchObject({
      event_type: 'content.created',
      problems: [],
      subject: { type: TITLE, id: documentId, locale: 'en' },
      actor: { type: 'admin', display_name: 'Angela Jain' },
      payload: { content_id: data.content_id, language: 'en-GB', rights: null, renditions: [] },
    });
    expect(published?.event_type).toBe('content.published');

    await publish(documentId, { ...data, renditions: [rendition('1080')] });
    const withRendition = await log.next();
    expect(types(withRendition)).toEqual(['content.updated', 'rendition.available']);
    expect(withRendition.flatMap(({ problems }) => problems)).toEqual([]);
    expect(withRendition.at(-1)?.payload).toMatchObject({
      content_id: data.content_id,
      renditions: [
        {
          url: 'https://cdn.northlight.example/1080.mp4',
          file_size: 2_160_000_000,
          checksum: CHECKSUM,
        },
      ],
    });

    await publish(documentId, { ...complete(), ...data, renditions: [rendition('1080')] });
    expect(types(await log.next())).toEqual([
      'caption.available',
      'content.ready',
      'content.updated',
      'rights.updated',
    ]);

    await publish(documentId, {});
    expect(await log.next()).toEqual([]);

    const gone = await editor.post(`${TITLES}/${documentId}/actions/unpublish`, {});
    expect(gone.status).toBe(200);
    const [withdrawn, ...more] = await log.next();
    expect(more).toEqual([]);
    expect(withdrawn).toMatchObject({
      event_type: 'content.withdrawn',
      payload: { content_id: data.content_id, reason: 'unpublished' },
    });
  });

  it('keeps the scope of its events: territories of the rights, genre of the show, kind of the title', async () => {
    await publish(await make({ ...complete(), kind: 'film' }), {});
    await log.next();
    const row = (await strapi.db
      .connection('newswire_events')
      .where({ event_type: 'content.created' })
      .orderBy('id', 'desc')
      .first()) as { scope: string };
    expect(JSON.parse(row.scope)).toEqual({
      territories: ['GB', 'IE'],
      genres: ['drama'],
      content_types: ['film'],
    });
  });

  it('tells that a draft is approved, once, and nothing else of drafts', async () => {
    const documentId = await make(bare());
    await save(documentId, { review_status: 'in_review' });
    expect(await log.next()).toEqual([]);
    await save(documentId, { review_status: 'approved' });
    const [approved, ...others] = await log.next();
    expect(others).toEqual([]);
    expect(approved).toMatchObject({
      event_type: 'content.approved',
      changed: ['review_status'],
      problems: [],
    });
    await save(documentId, { title: 'Rivals: The Consortium' });
    expect(await log.next()).toEqual([]);
  });

  it('publishes when the time of a target comes, and again when it is moved ahead', async () => {
    const titles = strapi.documents(TITLE);
    const [first, second] = [inMilliseconds(600_000), inMilliseconds(1_200_000)];
    const data = { ...complete(), show, distribution_targets: [target(first)] };
    const { documentId } = await titles.create({ data: data as never, status: 'published' });
    const change = (rest: object) =>
      titles.update({ documentId, data: rest as never, status: 'published' });
    expect(types(await log.next())).not.toContain('content.published');

    setClock(first);
    const [published, ...others] = await due();
    expect(others).toEqual([]);
    expect(published).toMatchObject({
      event_type: 'content.published',
      actor: { type: 'system' },
      changed: [],
      payload: { content_id: data.content_id, distribution_targets: [target(first)] },
    });

    await change({ synopsis: 'A licence is up for renewal.' });
    expect(await log.nextTypes()).toEqual(['content.updated']);

    await change({ distribution_targets: [target(second)] });
    expect(await log.nextTypes()).toEqual(['content.updated']);
    setClock(second);
    expect(types(await due())).toEqual(['content.published']);
  });

  it('tells new rights with the former ones, and withdraws when they have ended, once', async () => {
    const documentId = await make(complete());
    await publish(documentId, {});
    await log.next();
    const fewer = rights({ territories: ['GB'] });
    await publish(documentId, { rights: fewer });
    const [, changed] = await log.next();
    expect(changed).toMatchObject({
      event_type: 'rights.updated',
      payload: {
        rights: { territories: ['GB'] },
        previous_rights: { territories: ['GB', 'IE'] },
      },
    });

    await publish(documentId, { rights: { ...fewer, end_date: inDays(-1) } });
    expect(await log.nextTypes()).toEqual([
      'content.updated',
      'content.withdrawn',
      'rights.updated',
    ]);
    await editor.post(`${TITLES}/${documentId}/actions/unpublish`, {});
    expect(await log.next()).toEqual([]);
  });

  it('withdraws at midnight UTC after the last day of the rights', async () => {
    const { documentId } = await strapi.documents(TITLE).create({
      data: { ...complete(), show, rights: rights({ end_date: inDays(0) }) } as never,
      status: 'published',
    });
    await log.next();
    const midnight = Date.parse(`${inDays(1)}T00:00:00Z`);
    setClock(midnight - 1);
    await sleep(400);
    expect(await log.next()).toEqual([]);
    setClock(midnight);
    const events = await due();
    expect(events).toMatchObject([
      {
        event_type: 'content.withdrawn',
        actor: { type: 'system' },
        subject: { id: documentId },
        payload: { reason: 'rights_ended' },
      },
    ]);
    await strapi.documents(TITLE).unpublish({ documentId });
    expect(await log.next()).toEqual([]);
  });

  it('keeps what breaks a rule, and says which', async () => {
    const data = {
      ...bare(),
      rights: rights({ territories: ['GB', 'EMEA'], end_date: inDays(-20) }),
    };
    await publish(await make(data), {});
    const [created] = await log.next();
    expect(created).toMatchObject({ event_type: 'content.created', status: 'invalid' });
    expect(created?.problems).toMatchObject([
      { code: 'territory_unknown', path: 'payload.rights.territories.1' },
      { code: 'rights_end_before_start', path: 'payload.rights.end_date' },
    ]);
  });

  it('keeps, each event of it, to the schema that is published for it', async () => {
    await expectContractsKept(app, [
      'caption.available',
      'content.approved',
      'content.created',
      'content.published',
      'content.ready',
      'content.updated',
      'content.withdrawn',
      'rendition.available',
      'rights.updated',
    ]);
  });
});
