import type { JsonSchema } from './definition';
import { canonicalText } from './schema-contract';
import { describe, finiteValues, typesOf } from './schema-words';

/** One difference between two schemas. */
export interface SchemaChange {
  /** Into the payload: `titles[].contact`, `scores.*`; `payload` for the whole. */
  path: string;
  /** What happened there, to be read after the path. */
  text: string;
  /** True where a reader of the old schema may fail. */
  breaking: boolean;
}

/** Keywords that allow less, whatever they say, where they were not there before. */
const NARROWING = new Set(['not', 'contains', 'dependentRequired', 'propertyNames']);

/** Keywords that the comparison understands, or that a branch of it has dealt with. */
const UNDERSTOOD = new Set([
  ...['$defs', 'definitions', '$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames'],
  ...['items', 'prefixItems', 'not', 'multipleOf', 'pattern', 'format', 'uniqueItems'],
  ...['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'minProperties', 'maxProperties'],
]);

/** What a value is at all: text, a number, a list … */
export function compareTypes(old: JsonSchema, fresh: JsonSchema, path: string): SchemaChange[] {
  const [oldTypes, freshTypes] = [typesOf(old), typesOf(fresh)];
  if (oldTypes === null) {
    return freshTypes === null || finiteValues(fresh)
      ? []
      : [compatible(path, `is now ${describe(fresh)}`)];
  }
  if (freshTypes === null) return [breaking(path, `was ${describe(old)}, and may now be anything`)];
  if (freshTypes.some((type) => !coversType(oldTypes, type))) {
    return [breaking(path, `was ${describe(old)}, and is now ${describe(fresh)}`)];
  }
  return oldTypes.includes('number') && freshTypes.includes('integer')
    ? [compatible(path, 'is now a whole number')]
    : [];
}

/** True where a type is one of some, or a kind of one. */
export function coversType(types: readonly string[], type: string): boolean {
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}

/** The values that are allowed, where they are few. */
export function compareValues(old: string[], fresh: string[], path: string): SchemaChange[] {
  const more = fresh.filter((value) => !old.includes(value));
  const fewer = old.filter((value) => !fresh.includes(value));
  return [
    ...(more.length > 0 ? [breaking(path, `may now also be ${more.join(', ')}`)] : []),
    ...(fewer.length > 0 ? [compatible(path, `is no longer ${fewer.join(', ')}`)] : []),
  ];
}

/** Keywords that nothing else deals with. */
export function compareOthers(old: JsonSchema, fresh: JsonSchema, path: string): SchemaChange[] {
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
    .filter((keyword) => !UNDERSTOOD.has(keyword))
    .filter((keyword) => canonicalText(old[keyword]) !== canonicalText(fresh[keyword]))
    .map((keyword) =>
      old[keyword] === undefined && NARROWING.has(keyword)
        ? compatible(path, `has "${keyword}" now`)
        : breaking(path, `"${keyword}" changed, which the rules do not understand`),
    );
}

/** A path as it is told: the root has a name too. */
export function nameOf(path: string): string {
  return path === '' ? 'payload' : path;
}

/** A change after which a reader of the old schema may fail. */
export function breaking(path: string, text: string): SchemaChange {
  return { path: nameOf(path), text, breaking: true };
}

/** A change that a reader of the old schema need not know. */
export function compatible(path: string, text: string): SchemaChange {
  return { path: nameOf(path), text, breaking: false };
}

export function isBreaking(change: SchemaChange): boolean {
  return change.breaking;
}
