import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '../../../server/src/domain/definition';
import { changeText, compareSchemas } from '../../../server/src/domain/schema-change';
import type { ChangeClass } from '../../../server/src/domain/schema-change';
import { contractDigest } from '../../../server/src/domain/schema-contract';
import { BREAKING, COMPATIBLE, NONE } from './schema-change-cases';
import type { Case } from './schema-change-cases';

const object = z.strictObject;

const made = (schema: z.ZodType) => z.toJSONSchema(schema) as JsonSchema;

describe('A change of a schema', () => {
  const tables: [ChangeClass, Case[]][] = [
    ['none', NONE],
    ['compatible', COMPATIBLE],
    ['breaking', BREAKING],
  ];
  for (const [kind, cases] of tables) {
    it.each(cases)(`is ${kind}: %s`, (_, before, after, text) => {
      const difference = compareSchemas(made(before), made(after));
      const texts = difference.changes.map(changeText);
      expect(difference.kind, texts.join('\n')).toBe(kind);
      expect(contractDigest(made(before)) === contractDigest(made(after))).toBe(kind === 'none');
      if (kind === 'none') expect(texts).toEqual([]);
      else expect(texts.length).toBeGreaterThan(0);
      if (text !== undefined) expect(texts.join('\n')).toContain(text);
    });
  }

  it('is judged by the worst of its changes, and tells the breaking ones first', () => {
    const { kind, changes } = compareSchemas(
      made(object({ a: z.string(), b: object({ c: z.int() }) })),
      made(object({ a: z.string(), b: object({}), d: z.int().optional() })),
    );
    expect(kind).toBe('breaking');
    expect(changes.map(changeText)).toEqual(['b.c: was removed (breaking)', 'd: was added']);
  });

  it('takes schemas that nobody would write, and calls breaking what it cannot tell', () => {
    const odd: JsonSchema[] = [
      {},
      { $ref: '#/$defs/gone' },
      { $ref: '#' },
      { $ref: 'https://elsewhere.example/schema' },
      { anyOf: [{ $ref: '#' }, { type: 'null' }] },
      { anyOf: [{ type: 'string' }], oneOf: [{ type: 'null' }] },
      { type: ['string', 'null'], properties: JSON.parse('{"__proto__": {"type": "string"}}') },
      { not: {} },
      { if: { type: 'string' }, then: { minLength: 1 } },
      { type: 'object', properties: [], required: 'name' },
      { $ref: '#/%E0%A4%A' },
    ];
    for (const before of odd) {
      for (const after of odd) {
        const { kind } = compareSchemas(before, after);
        if (before === after) expect(kind).toBe('none');
      }
    }
    expect(compareSchemas({ type: 'string' }, { $ref: '#/$defs/gone' }).kind).toBe('breaking');
    expect(compareSchemas({ type: ['string', 'null'] }, made(z.string())).kind).toBe('compatible');
  });

  it('is told in a bounded number of lines, quickly, however much changed', () => {
    const many = (type: z.ZodType) =>
      object(Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`p${at}`, type])));
    const begun = performance.now();
    const { changes } = compareSchemas(made(many(z.string())), made(many(z.int())));
    expect(changes).toHaveLength(101);
    expect(changes.at(-1)).toEqual({
      path: 'payload',
      text: '4900 further changes',
      breaking: true,
    });
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});
