import type { JsonSchema } from '../server/src/domain/definition';

/**
 * Paths into a payload, as its type allows them: `name`, `contact.email`, `titles[].primary_contact`. Four steps deep;
 * deeper ones are `string` to the compiler, and checked at boot all the same.
 */
export type PathOf<T, Depth extends unknown[] = []> = Depth['length'] extends 4
  ? string
  : NonNullable<T> extends readonly (infer Item)[]
    ? `[]` | `[]${Below<Item, [...Depth, unknown]>}`
    : NonNullable<T> extends object
      ? {
          [K in keyof NonNullable<T> & string]:
            K | `${K}${Below<NonNullable<T>[K], [...Depth, unknown]>}`;
        }[keyof NonNullable<T> & string]
      : never;

type Below<T, Depth extends unknown[]> =
  NonNullable<T> extends readonly unknown[]
    ? PathOf<T, Depth>
    : NonNullable<T> extends object
      ? `.${PathOf<T, Depth>}`
      : never;

/** Names of a payload's lists, as its type has them. */
export type ListOf<T> = {
  [K in keyof T & string]: NonNullable<T[K]> extends readonly unknown[] ? K : never;
}[keyof T & string];

/** What a payload's list holds. */
export type ItemOf<T, K extends keyof T> =
  NonNullable<T[K]> extends readonly (infer Item)[] ? Item : never;

/** Whether a schema may hold something at a path such as `titles[].primary_contact`. */
export function hasPath(schema: JsonSchema, path: string): boolean {
  const steps = path.split(/\.|(?=\[\])/).filter((step) => step !== '');
  return steps.length > 0 && reaches(schema, steps);
}

/** Whether a payload's attribute is a list. */
export function isList(schema: JsonSchema, name: string): boolean {
  return hasPath(schema, `${name}[]`);
}

function reaches(schema: JsonSchema, steps: string[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined || '$ref' in schema) return true;
  const branches = [schema['anyOf'], schema['oneOf'], schema['allOf']].flatMap(schemas);
  if (branches.some((branch) => reaches(branch, steps))) return true;
  if (step === '[]') return schemas([schema['items']]).some((items) => reaches(items, rest));
  const properties = schema['properties'];
  const own = isSchema(properties) && Object.hasOwn(properties, step) ? [properties[step]] : [];
  return schemas([...own, schema['additionalProperties']]).some((next) => reaches(next, rest));
}

function schemas(values: unknown): JsonSchema[] {
  return Array.isArray(values) ? values.filter(isSchema) : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
