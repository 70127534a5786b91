import { z } from 'zod';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { defineEvent } from '../../config';
import type { Preset } from '../../config';
import { createTestDatabase, describeOnEachDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { EventLog } from '../support/event-log';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';
import { waitFor } from '../support/wait-for';

const EDITIONS = 'api::edition.edition';
const payload = z.strictObject({ name: z.string(), moment: z.string().nullable() });

/** An edition begins and ends: at once where that is past when it is published, by the clock where it is to come. */
const turned = defineEvent({
  type: 'edition.turned',
  version: '1.0.0',
  summary: 'An edition has begun or has ended.',
  source: { uid: EDITIONS },
  payload,
  moments: (state) => ({ start: state['start'] as string, end: state['end'] as string }),
  when: ({ moment, before }) => moment !== null || before === null,
  build: ({ after, moment }) => ({ name: String(after?.['name']), moment }),
});

const later = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

describeOnEachDatabase('A moment of a document', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi | undefined;
  let log: EventLog;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    await start();
  });
  afterAll(async () => {
    await app?.stop();
    await database.drop();
  });
  afterEach(async () => {
    if (!app) await start();
    await app?.strapi.db.connection('newswire_moments').delete();
  });

  async function start(events = [turned]) {
    await app?.stop();
    app = undefined;
    app = await startStrapi({ database, options: (given) => ({ ...given, presets: [], events }) });
    log = new EventLog(app.strapi);
    await log.next();
  }

  const publish = async (data: object) => {
    const { documentId } = await app!.strapi.documents(EDITIONS).create({
      data: { name: 'Morning', start: later(-60_000), ...data } as never,
      status: 'published',
    });
    return documentId;
  };
  const kept = () =>
    app!.strapi.db
      .connection('newswire_moments')
      .select<{ document_id: string; event_type: string; name: string; due_at: unknown }[]>('*');
  const moments = async () =>
    (await log.next()).map((event) => (event.payload as { moment: string | null }).moment);

  it('makes its event when it has come, once, with the system as actor', async () => {
    const documentId = await publish({ end: later(700) });
    expect(await moments()).toEqual([null]);
    const events = await waitFor(async () => {
      const found = await log.next();
      return found.length > 0 ? found : undefined;
    });
    expect(events).toMatchObject([
      {
        event_type: 'edition.turned',
        actor: { type: 'system' },
        subject: { type: EDITIONS, id: documentId },
        changed: [],
        payload: { name: 'Morning', moment: 'end' },
      },
    ]);
    await sleep(300);
    expect(await moments()).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  it('moves with its document, and goes with it', async () => {
    const moved = await publish({ end: later(600) });
    const withdrawn = await publish({ end: later(600) });
    const deleted = await publish({ end: later(600) });
    const documents = app!.strapi.documents(EDITIONS);
    await documents.update({
      documentId: moved,
      data: { end: later(60_000) } as never,
      status: 'published',
    });
    await documents.unpublish({ documentId: withdrawn });
    await documents.delete({ documentId: deleted });
    await moments();
    await sleep(1_200);
    expect(await moments()).toEqual([]);
    const rows = await kept();
    expect(rows).toMatchObject([{ document_id: moved, name: 'end' }]);
  });

  it('that has come and was not looked at yet is told before the write that ends it', async () => {
    const documentId = await publish({ end: later(400) });
    // As a producer does, or a worker that is late: nobody looks.
    const moments = () => app!.strapi.db.connection('newswire_moments');
    await moments().update({ try_at: Date.now() + 600_000 });
    await sleep(500);
    await log.next();
    await app!.strapi.documents(EDITIONS).unpublish({ documentId });
    expect((await log.next()).map(({ payload }) => payload)).toEqual([
      { name: 'Morning', moment: 'end' },
    ]);
    expect(await kept()).toEqual([]);
  });

  it('whose definition gives another time by now is kept for that', async () => {
    const documentId = await publish({ end: later(60_000) });
    const due = Date.now() - 1_000;
    await app!.strapi.db.connection('newswire_moments').update({ due_at: due, try_at: due });
    await app!.strapi.documents(EDITIONS).update({
      documentId,
      data: { name: 'Evening' } as never,
      status: 'published',
    });
    const [row] = await kept();
    expect(row).toMatchObject({ document_id: documentId, name: 'end' });
    expect(Number(row?.due_at)).toBeGreaterThan(Date.now());
    expect(await moments()).not.toContain('end');
  });

  it('of a draft, or of a save that failed, is none', async () => {
    await app!.strapi
      .documents(EDITIONS)
      .create({ data: { name: 'Draft', end: later(60_000) } as never });
    await app!.strapi.db
      .transaction(async () => {
        await publish({ end: later(60_000) });
        throw new Error('The editor thinks again');
      })
      .catch(() => undefined);
    expect(await kept()).toEqual([]);
  });

  it('that came while nothing ran makes its event afterwards, and only once', async () => {
    await publish({ end: later(300) });
    await app!.stop();
    app = undefined;
    await sleep(500);
    await startQuietly();
    const events = await waitFor(async () => {
      const found = await momentsSince();
      return found.includes('end') ? found : undefined;
    });
    expect(events.filter((moment) => moment === 'end')).toHaveLength(1);
    await app!.stop();
    app = undefined;
    await startQuietly();
    await sleep(500);
    expect((await momentsSince()).filter((moment) => moment === 'end')).toHaveLength(1);

    async function startQuietly() {
      app = await startStrapi({
        database,
        options: (given) => ({ ...given, presets: [], events: [turned] }),
      });
    }
    async function momentsSince() {
      const all = await new EventLog(app!.strapi).next();
      return all.slice(-2).map((event) => (event.payload as { moment: string | null }).moment);
    }
  });

  it('is looked for again in all documents when a preset is made with other options', async () => {
    const preset = (attribute: string): Preset => ({
      name: 'own',
      options: { attribute },
      define: () => [
        defineEvent({
          ...{ type: 'edition.over', version: '1.0.0', summary: 'An edition is over.' },
          ...{ source: { uid: EDITIONS }, payload, when: () => false },
          build: () => ({ name: '', moment: null }),
          moments: (state) => ({ over: state[attribute] as string }),
        }),
      ],
    });
    const startWith = async (attribute: string) => {
      await app?.stop();
      const presets = [preset(attribute)];
      app = await startStrapi({
        database,
        options: (given) => ({ ...given, presets, events: [] }),
      });
    };
    await startWith('start');
    const start = later(50_000);
    const end = later(90_000);
    const documentId = await publish({ start, end });
    const dueAt = async () =>
      (await kept())
        .filter((row) => row.document_id === documentId)
        .map((row) => new Date(Number(row.due_at)).toISOString());
    expect(await dueAt()).toEqual([start]);
    await startWith('end');
    await waitFor(async () => (await dueAt())[0] === end);
    expect(await dueAt()).toEqual([end]);
  });

  it('of a document that was there before its definition is found', async () => {
    await start([]);
    const documentId = await publish({ name: 'Earlier', end: later(60_000) });
    expect(await kept()).toEqual([]);
    await start([turned]);
    const rows = await waitFor(async () => {
      const found = (await kept()).filter((row) => row.document_id === documentId);
      return found.length > 0 ? found : undefined;
    });
    expect(rows).toMatchObject([
      { event_type: 'edition.turned', name: 'end', status: 'published' },
    ]);
  });
});
