import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '../../../server/src/domain/definition';
import { contractDigest } from '../../../server/src/domain/schema-contract';
import { judgeSchema } from '../../../server/src/domain/schema-registry';

const made = (shape: z.ZodRawShape) => z.toJSONSchema(z.strictObject(shape)) as JsonSchema;

const NAME = made({ name: z.string() });
const NAME_AND_AGE = made({ name: z.string(), age: z.int() });
const AGE = made({ age: z.int() });

const recorded = (version: string, schema: JsonSchema) => ({
  version,
  schema,
  digest: contractDigest(schema),
});

const given = (version: string, schema: JsonSchema, automatic = false) => ({
  type: 'person.renewed',
  version,
  schema,
  automatic,
});

describe('A definition with a version of its own', () => {
  it('is new where nothing is recorded, whatever its version', () => {
    expect(judgeSchema(given('3.1.0', NAME), [])).toEqual({
      kind: 'new',
      version: '3.1.0',
      changes: ['The first version.'],
    });
  });

  it('is known under the version that its schema has, even when newer ones are recorded: an older process may go on', () => {
    const all = [recorded('1.0.0', NAME), recorded('1.1.0', NAME_AND_AGE), recorded('2.0.0', AGE)];
    for (const { version, schema } of all) {
      expect(judgeSchema(given(version, schema), all)).toEqual({ kind: 'known', version });
    }
  });

  it('may not change its schema under one version: the refusal says where, what, and which version would be right', () => {
    const all = [recorded('1.0.0', NAME_AND_AGE), recorded('1.1.0', NAME_AND_AGE)];
    const removed = judgeSchema(given('1.0.0', NAME), all);
    expect(removed).toEqual({ kind: 'refused', reason: expect.any(String) });
    expect(removed).toMatchObject({
      reason: expect.stringMatching(
        /"person\.renewed".*recorded as 1\.0\.0.*still "1\.0\.0":\n\s+- age: was removed \(breaking\)\n.*raise version to "2\.0\.0"/s,
      ),
    });
    const added = judgeSchema(
      given('1.0.0', made({ name: z.string(), age: z.int(), size: z.int() })),
      all,
    );
    expect(added).toMatchObject({
      reason: expect.stringMatching(/- size: was added\n.*raise version to "1\.2\.0"/s),
    });
  });

  it('must raise the version as far as the change goes', () => {
    const all = [recorded('1.2.0', NAME)];
    const to = (version: string, schema: JsonSchema) => judgeSchema(given(version, schema), all);
    expect(to('1.2.1', NAME_AND_AGE)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('raise version to "1.3.0"'),
    });
    expect(to('1.3.0', NAME_AND_AGE)).toMatchObject({
      kind: 'new',
      changes: ['age: was added'],
    });
    expect(to('1.3.0', AGE)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('raise version to "2.0.0"'),
    });
    expect(to('2.0.0', AGE)).toMatchObject({
      kind: 'new',
      changes: ['name: was removed (breaking)', 'age: was added'],
    });
    expect(to('1.2.1', NAME)).toMatchObject({ kind: 'new', version: '1.2.1' });
  });

  it('may fill in an older version only with what the newer ones can have been made from', () => {
    const all = [recorded('2.1.0', NAME_AND_AGE)];
    expect(judgeSchema(given('2.0.0', NAME), all)).toMatchObject({ kind: 'new' });
    expect(judgeSchema(given('1.0.0', AGE), all)).toMatchObject({ kind: 'new' });
    expect(
      judgeSchema(given('2.0.0', made({ name: z.string(), size: z.int() })), all),
    ).toMatchObject({ kind: 'refused', reason: expect.stringContaining('2.1.0 was made') });
  });

  it('is the same when it is merely written otherwise', () => {
    const one: JsonSchema = { type: 'object', properties: { name: { type: ['string', 'null'] } } };
    const other: JsonSchema = {
      type: 'object',
      properties: { name: { anyOf: [{ type: 'null' }, { type: 'string' }] } },
    };
    expect(judgeSchema(given('1.0.0', other), [recorded('1.0.0', one)])).toEqual({
      kind: 'known',
      version: '1.0.0',
    });
  });
});

describe('A definition whose version is counted', () => {
  const judge = (schema: JsonSchema, all: ReturnType<typeof recorded>[], from = '1.0.0') =>
    judgeSchema(given(from, schema, true), all);

  it('begins with the version that it has', () => {
    expect(judge(NAME, [])).toMatchObject({ kind: 'new', version: '1.0.0' });
  });

  it('rises by a minor version for what can be read, and by a major one for what cannot', () => {
    const all = [recorded('1.0.0', NAME)];
    expect(judge(NAME_AND_AGE, all)).toEqual({
      kind: 'new',
      version: '1.1.0',
      changes: ['age: was added'],
    });
    expect(judge(AGE, all)).toMatchObject({ kind: 'new', version: '2.0.0' });
  });

  it('has the newest version under which its schema was before', () => {
    const all = [recorded('1.0.0', NAME), recorded('1.1.0', NAME_AND_AGE), recorded('2.0.0', NAME)];
    expect(judge(NAME, all)).toEqual({ kind: 'known', version: '2.0.0' });
    expect(judge(NAME_AND_AGE, all)).toEqual({ kind: 'known', version: '1.1.0' });
  });

  it('is not below the version from which it is counted', () => {
    const all = [recorded('1.3.0', NAME)];
    expect(judge(NAME, all, '2.0.0')).toMatchObject({ kind: 'new', version: '2.0.0' });
    expect(judge(NAME_AND_AGE, all, '2.0.0')).toMatchObject({ kind: 'new', version: '2.0.0' });
  });
});
