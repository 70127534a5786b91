import type { Core } from '@strapi/strapi';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeOnEachDatabase, createTestDatabase } from '../support/databases';
import type { TestDatabase } from '../support/databases';
import { EventLog } from '../support/event-log';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const PERSON = 'api::person.person';

describeOnEachDatabase('Content and its events', (dialect) => {
  let database: TestDatabase;
  let app: TestStrapi;
  let strapi: Core.Strapi;
  let log: EventLog;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    app = await startStrapi({ database });
    ({ strapi } = app);
    log = new EventLog(strapi);
  });

  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  beforeEach(async () => {
    await log.next();
  });

  const people = () => strapi.documents(PERSON);
  const count = () => strapi.db.query(PERSON).count();
  const person = (name: string) =>
    ({
      data: { name, slug: `p-${Math.random()}`, title: 'Counsel', executive_role: 'legal' },
    }) as never;

  it('are both gone when the code around the write throws after it', async () => {
    const before = await count();
    const failing = strapi.db.transaction(async () => {
      await people().create(person('Gone'));
      throw new Error('after the write');
    });
    await expect(failing).rejects.toThrow('after the write');
    expect(await count()).toBe(before);
    expect(await log.next()).toEqual([]);
  });

  it('are both gone when a middleware inside the capture throws after the write', async () => {
    const before = await count();
    let throwing = true;
    strapi.documents.use(async (context, next) => {
      const result = await next();
      if (throwing && context.uid === PERSON && context.action === 'create') {
        throw new Error('a middleware of the application');
      }
      return result;
    });
    await expect(people().create(person('Gone too'))).rejects.toThrow('a middleware');
    throwing = false;
    expect(await count()).toBe(before);
    expect(await log.next()).toEqual([]);
  });

  it('are both gone when the event cannot be written: the save fails', async () => {
    const before = await count();
    const { connection } = strapi.db;
    await connection.schema.renameTable('newswire_events', 'newswire_events_away');
    try {
      await expect(people().create(person('Unlogged'))).rejects.toThrow();
    } finally {
      await connection.schema.renameTable('newswire_events_away', 'newswire_events');
    }
    expect(await count()).toBe(before);
    expect(await log.next()).toEqual([]);
  });

  it('are both there when the write is committed, also in a transaction of the caller', async () => {
    await strapi.db.transaction(async () => {
      await people().create(person('One'));
      await people().create(person('Two'));
    });
    expect((await log.next()).map((event) => event.payload)).toMatchObject([
      { entry: { name: 'One' } },
      { entry: { name: 'Two' } },
    ]);
  });

  it('agree under thirty parallel updates of one document: no state is skipped or seen twice', async () => {
    const { documentId } = await people().create(person('v0'));
    await log.next();
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        people().update({ documentId, data: { name: `v${index + 1}` } as never }),
      ),
    );
    const events = await log.next();
    expect(events).toHaveLength(30);
    const chain = events.map((event) => event.payload) as {
      entry: { name: string };
      previous: { name: string };
    }[];
    expect(chain[0]?.previous.name).toBe('v0');
    for (const [index, { previous }] of chain.entries()) {
      if (index > 0) {
        expect(previous.name).toBe(chain[index - 1]?.entry.name);
      }
    }
    const stored = await people().findOne({ documentId });
    expect(stored).toMatchObject({ name: chain.at(-1)?.entry.name });
  });
});
