/** A payload's schema as one reader may rely on it: with what its clearance makes of personal data. */
import type { JsonSchema } from '../definition';
import { stepsOf } from '../personal-data';
import type { Clearance } from '../personal-data';
import { isSchema } from '../schema-contract';

/** Lists of schemas that a value may fit. */
const ALTERNATIVES = ['anyOf', 'oneOf', 'allOf'] as const;

const PSEUDONYM: JsonSchema = {
  type: 'string',
  pattern: '^pn_',
  description: 'Personal: a pseudonym, the same for the same value, and yours alone.',
};

/**
 * @param paths where the payload has personal data: see `domain/personal-data.ts`, which treats the values in the same way.
 *   A path that leads through a `$ref` ends there: what is referred to is as it is published, and still treated when it is sent.
 */
export function readerSchema(
  schema: JsonSchema,
  paths: readonly string[],
  clearance: Clearance,
): JsonSchema {
  if (clearance === 'internal') return schema;
  return paths.map(stepsOf).reduce((made, steps) => along(made, steps, clearance) ?? made, schema);
}

/** Undefined where nothing of the value is left. */
function along(
  schema: JsonSchema,
  steps: readonly string[],
  clearance: Clearance,
): JsonSchema | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return treated(schema, clearance);
  const own = withAlternatives(schema, (inner) => along(inner, steps, clearance));
  if (step === '[]') {
    const { items, minItems, ...others } = own;
    if (!isSchema(items)) return own;
    const inner = along(items, rest, clearance);
    if (inner === undefined) return { ...others, maxItems: 0 };
    return { ...others, items: inner, ...(minItems === undefined ? {} : { minItems }) };
  }
  return inMember(own, step, (inner) => ({
    schema: along(inner, rest, clearance),
    sure: rest.length > 0 || stays(inner, clearance),
  }));
}

/** What becomes of a member, and whether it is there for sure. */
interface Changed {
  schema: JsonSchema | undefined;
  sure: boolean;
}

function inMember(
  schema: JsonSchema,
  name: string,
  change: (inner: JsonSchema) => Changed,
): JsonSchema {
  const { properties, required } = schema;
  if (!isSchema(properties) || !Object.hasOwn(properties, name)) return schema;
  const { [name]: member, ...others } = properties;
  const changed = isSchema(member) ? change(member) : { schema: undefined, sure: false };
  const kept = changed.schema === undefined ? others : { ...properties, [name]: changed.schema };
  const needed =
    Array.isArray(required) && !changed.sure ? required.filter((one) => one !== name) : required;
  return { ...schema, properties: kept, ...(required === undefined ? {} : { required: needed }) };
}

/**
 * What stands where a personal value stood: a pseudonym for a text, for a list one for each of its texts, null for null. Undefined
 * where nothing stands there.
 */
function treated(schema: JsonSchema, clearance: Clearance): JsonSchema | undefined {
  for (const keyword of ALTERNATIVES) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    return anyOf(list.filter(isSchema).map((inner) => treated(inner, clearance)));
  }
  return anyOf(typesOf(schema).map((type) => treatedType(type, schema, clearance)));
}

function treatedType(
  type: unknown,
  { items }: JsonSchema,
  clearance: Clearance,
): JsonSchema | undefined {
  if (type === 'null') return { type: 'null' };
  if (type === 'array') {
    const inner = isSchema(items) ? treated(items, clearance) : undefined;
    return inner === undefined ? { type: 'array', maxItems: 0 } : { type: 'array', items: inner };
  }
  return type === 'string' && clearance === 'partner' ? PSEUDONYM : undefined;
}

function anyOf(schemas: readonly (JsonSchema | undefined)[]): JsonSchema | undefined {
  const left = schemas.filter((schema) => schema !== undefined);
  return left.length > 1 ? { anyOf: left } : left[0];
}

/** Whether there is something in the place of every value that the schema allows. */
function stays(schema: JsonSchema, clearance: Clearance): boolean {
  const types = typesOf(schema);
  const staying = clearance === 'partner' ? ['string', 'null', 'array'] : ['null', 'array'];
  return types.length > 0 && types.every((type) => staying.includes(String(type)));
}

/** The types that a value may have; empty where the schema does not say. */
function typesOf(schema: JsonSchema): unknown[] {
  const { type } = schema;
  if (type !== undefined) return Array.isArray(type) ? type : [type];
  if (Array.isArray(schema['enum'])) return [...new Set(schema['enum'].map(typeOf))];
  if ('const' in schema) return [typeOf(schema['const'])];
  return ALTERNATIVES.flatMap((keyword) => {
    const list = schema[keyword];
    return Array.isArray(list) ? list.filter(isSchema).flatMap(typesOf) : [];
  });
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function withAlternatives(
  schema: JsonSchema,
  change: (inner: JsonSchema) => JsonSchema | undefined,
): JsonSchema {
  const changed = ALTERNATIVES.flatMap((keyword): [string, unknown][] => {
    const list: unknown = schema[keyword];
    if (!Array.isArray(list)) return [];
    const own = list.map((inner: unknown) => (isSchema(inner) ? (change(inner) ?? inner) : inner));
    return [[keyword, own]];
  });
  return { ...schema, ...Object.fromEntries(changed) };
}
