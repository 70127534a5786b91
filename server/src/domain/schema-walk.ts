import type { JsonSchema } from './definition';
import { isSchema, SCHEMA_LISTS, SCHEMAS, SCHEMAS_BY_NAME } from './schema-contract';

/** A schema with each of the schemas that stand directly in it replaced. */
export function mapSubschemas(schema: JsonSchema, map: (inner: unknown) => unknown): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]): [string, unknown] => {
      if (SCHEMAS_BY_NAME.has(keyword) && isSchema(value)) {
        const named = Object.entries(value).map(([name, inner]) => [name, map(inner)] as const);
        return [keyword, Object.fromEntries(named)];
      }
      if (SCHEMA_LISTS.has(keyword) && Array.isArray(value)) return [keyword, value.map(map)];
      return [keyword, SCHEMAS.has(keyword) ? map(value) : value];
    }),
  );
}
