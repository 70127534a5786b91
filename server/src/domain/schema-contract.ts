/**
 * What of a JSON Schema a reader relies on. Left out: annotations (words, examples, and whatever JSON Schema does not
 * know, which it calls an annotation too), the order of what has none, and whether further properties are refused: a
 * reader ignores those that it does not know, so that adding one is no new contract to it.
 */
import { createHash } from 'node:crypto';
import type { JsonSchema } from './definition';

/** Keywords that say something about values, by what stands under them: schemas by name. */
export const SCHEMAS_BY_NAME = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
]);
/** Lists of schemas. */
export const SCHEMA_LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
/** One schema. */
export const SCHEMAS = new Set([
  'items',
  'additionalProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'unevaluatedProperties',
  'unevaluatedItems',
]);
/** Anything else. */
const VALUES = new Set([
  '$ref',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  'type',
  'const',
  'enum',
  'required',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'contentEncoding',
  'contentMediaType',
]);
/** Lists whose order means nothing. */
const SETS = new Set(['type', 'enum', 'required', 'anyOf', 'oneOf']);

/** The contract that a schema makes with its readers, as a schema; equal contracts are equal texts. */
export function contractOf(schema: unknown): unknown {
  if (!isSchema(schema)) return schema;
  const entries = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    const kept = keywordOf(keyword, value);
    return kept === undefined ? [] : [[keyword, kept]];
  });
  return Object.fromEntries(entries.sort(byName));
}

/** SHA-256 of a schema's contract, hex. */
export function contractDigest(schema: JsonSchema): string {
  return createHash('sha256')
    .update(canonicalText(contractOf(schema)))
    .digest('hex');
}

/** JSON text that is the same for equal values: names sorted, nothing but the value. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isSchema(inner) ? Object.fromEntries(Object.entries(inner).sort(byName)) : inner,
  );
}

/** True for a schema that is written as an object, the only kind that says anything. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A keyword's value without annotations; undefined where the keyword itself is no part of the contract. */
function keywordOf(keyword: string, value: unknown): unknown {
  if (SCHEMAS_BY_NAME.has(keyword)) {
    return isSchema(value)
      ? Object.fromEntries(
          Object.entries(value)
            .map(([name, schema]): [string, unknown] => [name, contractOf(schema)])
            .sort(byName),
        )
      : value;
  }
  if (SCHEMA_LISTS.has(keyword)) {
    const list = Array.isArray(value) ? value.map(contractOf) : value;
    return SETS.has(keyword) ? sorted(list) : list;
  }
  if (SCHEMAS.has(keyword)) {
    const schema = contractOf(value);
    return isWithoutEffect(keyword, schema) ? undefined : schema;
  }
  if (!VALUES.has(keyword)) return undefined;
  return SETS.has(keyword) ? sorted(value) : value;
}

function isWithoutEffect(keyword: string, schema: unknown): boolean {
  const text = canonicalText(schema);
  if (keyword === 'additionalProperties') return ['false', 'true', '{}'].includes(text);
  if (keyword === 'propertyNames') return ['true', '{}', '{"type":"string"}'].includes(text);
  return keyword === 'items' && ['true', '{}'].includes(text);
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value
    .map((item: unknown) => ({ item, text: canonicalText(item) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ item }) => item);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
