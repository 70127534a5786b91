import type { Knex } from 'knex';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../../config';
import type { EventDefinition } from '../../../server/src/domain/definition';
import { recordSchemas } from '../../../server/src/flow/record-schemas';
import { migrate } from '../../../server/src/store/migrate';
import { findSchema, listSchemas } from '../../../server/src/store/recorded-schemas';
import { createTestDatabase, describeOnEachDatabase } from '../../support/databases';
import type { TestDatabase } from '../../support/databases';

const NOW = new Date('2026-01-17T14:32:00.041Z');
const clock = { now: () => NOW };

function definition(
  version: string,
  shape: z.ZodRawShape,
  rest: Partial<EventDefinition> = {},
): EventDefinition {
  const made = defineEvent({
    type: 'person.renewed',
    version,
    summary: 'A person was renewed.',
    source: { uid: 'api::person.person' },
    payload: z.strictObject(shape),
    when: () => true,
    build: () => ({}),
  });
  return { ...made, ...rest };
}

const NAME = { name: z.string() };
const NAME_AND_AGE = { ...NAME, age: z.int() };
const AUTOMATIC = { automaticVersion: true };

describeOnEachDatabase('Recording schemas', (dialect) => {
  let database: TestDatabase;
  let db: Knex;

  beforeEach(async () => {
    database = await createTestDatabase(dialect);
    db = database.knex();
    await migrate(db);
  });
  afterEach(() => database.drop());

  const record = (...definitions: EventDefinition[]) => recordSchemas({ db, clock }, definitions);
  const recorded = async () => {
    const rows = await listSchemas(db);
    return rows
      .map(({ eventType, version, changes }) => ({ eventType, version, changes }))
      .sort((a, b) => (a.version < b.version ? -1 : 1));
  };

  it('keeps each schema under its version, once', async () => {
    const given = definition('1.0.0', NAME);
    expect(await record(given)).toEqual(new Map([['person.renewed', '1.0.0']]));
    await record(definition('1.0.0', { name: z.string().describe('In other words.') }));
    expect(await listSchemas(db)).toEqual([
      {
        eventType: 'person.renewed',
        version: '1.0.0',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        changes: ['The first version.'],
        recordedAt: NOW,
      },
    ]);
    expect(await findSchema(db, 'person.renewed', '1.0.0')).toEqual(given.schema);
    expect(await findSchema(db, 'person.renewed', '1.0.1')).toBeNull();
    expect(await listSchemas(db, 'constructor')).toEqual([]);
  });

  it('refuses a changed schema under an unchanged version, and every other that is wrong, in one message', async () => {
    const other = { type: 'person.left' };
    await record(definition('1.0.0', NAME_AND_AGE), definition('1.0.0', NAME, other));
    const wrong = [definition('1.0.0', NAME), definition('1.0.1', NAME_AND_AGE, other)];
    await expect(record(...wrong)).rejects.toThrow(
      /"person\.renewed".*age: was removed \(breaking\).*"2\.0\.0".*"person\.left".*age: was added.*"1\.1\.0".*newswire_schemas/s,
    );
    expect(await recorded()).toHaveLength(2);
    await record(definition('2.0.0', NAME), definition('1.1.0', NAME_AND_AGE, other));
  });

  it('lets a process of an older release start beside a newer one', async () => {
    await record(definition('1.0.0', NAME));
    await record(definition('1.1.0', NAME_AND_AGE));
    expect(await record(definition('1.0.0', NAME))).toEqual(new Map([['person.renewed', '1.0.0']]));
  });

  it('records older major versions along with a definition', async () => {
    const previous = { payload: z.unknown(), down: (payload: unknown) => payload };
    const { schema } = definition('1.4.0', NAME);
    await record(
      definition('2.0.0', NAME_AND_AGE, {
        previousVersions: [{ ...previous, version: '1.4.0', schema }],
      }),
    );
    expect(await recorded()).toMatchObject([{ version: '1.4.0' }, { version: '2.0.0' }]);
    expect(await findSchema(db, 'person.renewed', '1.4.0')).toEqual(schema);
  });

  it('counts versions where they are counted, and goes back to the one that a schema had', async () => {
    const versionOf = async (shape: z.ZodRawShape) =>
      (await record(definition('1.0.0', shape, AUTOMATIC))).get('person.renewed');
    expect(await versionOf(NAME)).toBe('1.0.0');
    expect(await versionOf(NAME)).toBe('1.0.0');
    expect(await versionOf(NAME_AND_AGE)).toBe('1.1.0');
    expect(await versionOf({ age: z.int() })).toBe('2.0.0');
    expect(await versionOf(NAME)).toBe('1.0.0');
    expect(await recorded()).toEqual([
      { eventType: 'person.renewed', version: '1.0.0', changes: ['The first version.'] },
      { eventType: 'person.renewed', version: '1.1.0', changes: ['age: was added'] },
      { eventType: 'person.renewed', version: '2.0.0', changes: ['name: was removed (breaking)'] },
    ]);
  });

  it('keeps a schema as large as they get', async () => {
    const shape = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, at) => [
        `attribute_${at}`,
        z.string().describe('ü💥'.repeat(100)),
      ]),
    );
    const large = definition('1.0.0', shape);
    await record(large);
    expect(JSON.stringify(large.schema).length).toBeGreaterThan(1_000_000);
    expect(await findSchema(db, large.type, '1.0.0')).toEqual(large.schema);
  });

  it('comes to one answer in processes that start together', async () => {
    const processes = Array.from({ length: 6 }, () => database.knex());
    await Promise.all(processes.map((one) => one.raw('select 1')));
    for (let round = 0; round < 5; round += 1) {
      const type = `race.number_${round}`;
      const found = await Promise.all(
        processes.map((one) =>
          recordSchemas({ db: one, clock }, [definition('1.0.0', NAME, { type, ...AUTOMATIC })]),
        ),
      );
      expect(found.map((versions) => versions.get(type))).toEqual(Array(6).fill('1.0.0'));
    }
    expect(await listSchemas(db)).toHaveLength(5);
  });

  it('gives different schemas different versions, however they race for one', async () => {
    const processes = Array.from({ length: 6 }, () => database.knex());
    await Promise.all(processes.map((one) => one.raw('select 1')));
    const shapes = processes.map((_, at) =>
      Object.fromEntries(Array.from({ length: at + 1 }, (_, n) => [`p${n}`, z.int()])),
    );
    const found = await Promise.all(
      processes.map((one, at) =>
        recordSchemas({ db: one, clock }, [definition('1.0.0', shapes[at] ?? {}, AUTOMATIC)]),
      ),
    );
    const versions = found.map((one) => one.get('person.renewed'));
    expect(new Set(versions).size).toBe(6);
    expect((await recorded()).map(({ version }) => version)).toEqual([...versions].sort());
    const refused = await Promise.allSettled(
      processes.map((one, at) =>
        recordSchemas({ db: one, clock }, [
          definition('1.0.0', shapes[at] ?? {}, { type: 'race.fixed' }),
        ]),
      ),
    );
    expect(refused.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
