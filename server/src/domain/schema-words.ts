/** What schemas say, in the words in which changes of them are told. */
import type { JsonSchema } from './definition';
import { canonicalText, isSchema } from './schema-contract';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

/** What a schema is in a few words: `text`, `a list`, `"a", "b"`. */
export function describe(schema: JsonSchema): string {
  const values = isSchema(schema) ? finiteValues(schema) : null;
  if (values && typesOf(schema)?.join() !== 'boolean') return values.join(', ');
  const types = typesOf(schema);
  if (types === null) return 'anything';
  const words = types.map((type) => TYPE_WORDS[type] ?? type).join(' or ');
  return `${words} ${labelOf(schema)}`.trimEnd();
}

/** The types that a schema allows; null for all. */
export function typesOf(schema: JsonSchema): string[] | null {
  const type = schema['type'];
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.map(String);
  const values = listedValues(schema);
  return values && [...new Set(values.map(typeOfValue))];
}

/** The values that a schema allows where they are few, as JSON; null where they are without number. */
export function finiteValues(schema: JsonSchema): string[] | null {
  const listed = listedValues(schema);
  if (listed) return listed.map(canonicalText);
  if (schema['type'] === 'null') return ['null'];
  return schema['type'] === 'boolean' ? ['true', 'false'] : null;
}

function listedValues(schema: JsonSchema): unknown[] | null {
  if ('const' in schema) return [schema['const']];
  return Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : null;
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return typeof value;
}

/** Asked for each pair of branches: content types times content types, components times components. */
const constants = new WeakMap<JsonSchema, ReadonlyMap<string, string>>();

/** Properties that have one value, by which branches of a union are told apart. */
export function constantsOf(schema: JsonSchema): ReadonlyMap<string, string> {
  const known = constants.get(schema);
  if (known) return known;
  const found = findConstants(schema);
  constants.set(schema, found);
  return found;
}

function findConstants(schema: JsonSchema): Map<string, string> {
  const properties = schema['properties'];
  if (!isSchema(properties)) return new Map();
  return new Map(
    Object.entries(properties).flatMap(([name, property]): [string, string][] =>
      isSchema(property) && 'const' in property ? [[name, canonicalText(property['const'])]] : [],
    ),
  );
}

/** Which branch of a union this is: `(content_type "api::show.show")`; empty where nothing tells. */
export function labelOf(schema: JsonSchema): string {
  const [first] = constantsOf(schema);
  return first ? `(${first[0]} ${first[1]})` : '';
}

/**
 * The alternatives that a schema consists of, each with what stands beside them; one where it has none. Null where what
 * stands beside them says something about the same.
 */
export function branchesOf(schema: JsonSchema | boolean): JsonSchema[] | null {
  if (!isSchema(schema)) return [schema ? {} : { not: {} }];
  const unions = ['anyOf', 'oneOf'].filter((keyword) => Array.isArray(schema[keyword]));
  const [keyword, second] = unions;
  if (second !== undefined) return null;
  if (keyword !== undefined) {
    const { [keyword]: alternatives, $defs: _, definitions: __, ...beside } = schema;
    const list = (alternatives as unknown[]).map((one) => (isSchema(one) ? one : {}));
    if (Object.keys(beside).length === 0) return list;
    const disjoint = list.every((one) => Object.keys(one).every((name) => !(name in beside)));
    return disjoint ? list.map((one) => ({ ...beside, ...one })) : null;
  }
  const type = schema['type'];
  return Array.isArray(type) && type.length > 1
    ? type.map((one: unknown) => ({ ...schema, type: one }))
    : [schema];
}

/** The schema that a `$ref` names, as far as it leads; null where there is none. */
export function resolveReference(root: JsonSchema, schema: unknown): JsonSchema | boolean | null {
  let current = schema;
  for (let steps = 0; steps < 20; steps += 1) {
    if (!isSchema(current)) return typeof current === 'boolean' ? current : null;
    const reference = current['$ref'];
    if (reference === undefined) return current;
    if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) return null;
    current = atPointer(root, reference);
  }
  return null;
}

/** RFC 6901, in a URI's fragment. */
function atPointer(root: JsonSchema, reference: string): unknown {
  const names = decoded(reference.slice(1)).split('/').slice(1);
  return names.reduce<unknown>((at, name) => {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) return at[Number(key)] as unknown;
    return isSchema(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }, root);
}

/** Percent signs that encode nothing stand for themselves. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
