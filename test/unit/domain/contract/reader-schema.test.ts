import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readerSchema } from '../../../../server/src/domain/contract/reader-schema';
import type { JsonSchema } from '../../../../server/src/domain/definition';
import { treatmentFor, treatPersonal } from '../../../../server/src/domain/personal-data';
import { demoCatalogue } from '../../../support/demo-catalogue';

const KEY = Buffer.alloc(32, 7);
const CLEARANCES = ['public', 'partner', 'internal'] as const;

function fits(schema: JsonSchema, value: unknown): string {
  const ajv = addFormats.default(new Ajv2020({ allErrors: true, strict: false }));
  return ajv.validate(schema, value) ? 'fits' : ajv.errorsText();
}

const treated = (
  payload: unknown,
  paths: readonly string[],
  clearance: (typeof CLEARANCES)[number],
) => {
  const treat = treatmentFor(clearance, KEY);
  return treat ? treatPersonal(payload, paths, treat) : payload;
};

const schemaOf = (type: z.ZodType) => z.toJSONSchema(type) as JsonSchema;

describe("A reader's schema", () => {
  it.each(CLEARANCES)('fits what a reader with the clearance %s is sent', async (clearance) => {
    for (const { type, schema, examples, personal } of (await demoCatalogue()).definitions) {
      const own = readerSchema(schema, personal, clearance);
      for (const example of examples) {
        expect(fits(own, treated(example, personal, clearance)), type).toBe('fits');
      }
    }
  });

  const payload = z.strictObject({
    name: z.string(),
    nick: z.string().nullable(),
    age: z.number(),
    height: z.number().nullable(),
    mails: z.array(z.string()).min(1),
    codes: z.array(z.number()),
    home: z.strictObject({ street: z.string(), town: z.string() }).nullable(),
    people: z.array(z.strictObject({ name: z.string(), id: z.string() })),
    kind: z.enum(['a', 'b']),
    either: z.union([z.string(), z.number()]),
    id: z.string(),
  });
  const personal = [
    ...['name', 'nick', 'age', 'height', 'mails', 'codes', 'home.street', 'people[].name'],
    ...['kind', 'either', 'gone.too'],
  ];
  const values = [
    {
      ...{ name: 'Lee', nick: 'L', age: 7, height: 1.8, mails: ['a@b.example'], codes: [1] },
      ...{ home: { street: 'S', town: 'T' }, people: [{ name: 'N', id: '1' }] },
      ...{ kind: 'a', either: 'text', id: '1' },
    },
    {
      ...{ name: 'Lee', nick: null, age: 7, height: null, mails: ['a', 'b'], codes: [] },
      ...{ home: null, people: [], kind: 'b', either: 7, id: '1' },
    },
  ];

  it.each(CLEARANCES)('fits personal values of every kind, for %s', (clearance) => {
    const own = readerSchema(schemaOf(payload), personal, clearance);
    for (const value of values) {
      expect(payload.safeParse(value).success).toBe(true);
      expect(fits(own, treated(value, personal, clearance))).toBe('fits');
    }
  });

  it('refuses what a reader is not meant to see', () => {
    const forPartners = readerSchema(schemaOf(payload), personal, 'partner');
    expect(fits(forPartners, values[0])).toMatch(/pattern/);
    const forAll = readerSchema(schemaOf(payload), personal, 'public');
    expect(fits(forAll, values[0])).not.toBe('fits');
    expect(forAll['required']).toEqual(['mails', 'codes', 'home', 'people', 'id']);
    expect(forPartners['required']).toEqual([
      ...['name', 'nick', 'mails', 'codes', 'home', 'people', 'kind', 'id'],
    ]);
  });

  it('leaves the published schema as it is', () => {
    const schema = schemaOf(payload);
    const before = JSON.stringify(schema);
    readerSchema(schema, personal, 'public');
    expect(JSON.stringify(schema)).toBe(before);
    expect(readerSchema(schema, personal, 'internal')).toBe(schema);
  });
});
