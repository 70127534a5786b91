import type { JsonSchema } from '../../server/src/domain/definition';

/** One line of a payload's table. */
export interface PayloadRow {
  /** `titles[].contact` */
  path: string;
  type: string;
  required: boolean;
  description: string;
}

interface Place {
  root: JsonSchema;
  path: string;
  /** Schemas that are being told: one that has itself inside is told once. */
  inside: readonly unknown[];
}

/** What a payload's schema says, a line for each place. */
export function payloadRows(schema: JsonSchema): PayloadRow[] {
  const rows = below(schema, { root: schema, path: '', inside: [] });
  return [...new Map(rows.map((row) => [row.path, row])).values()];
}

/** The lines of all that is in a schema. */
function below(given: unknown, place: Place): PayloadRow[] {
  const schema = resolved(given, place.root);
  if (place.inside.includes(schema)) return [];
  const at = { ...place, inside: [...place.inside, schema] };
  const { path } = place;
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = new Set((schema['required'] ?? []) as string[]);
  return [
    ...Object.entries(properties).flatMap(([name, property]) =>
      told(property, { ...at, path: path === '' ? name : `${path}.${name}` }, required.has(name)),
    ),
    ...(isSchema(schema['additionalProperties'])
      ? told(
          schema['additionalProperties'],
          { ...at, path: path === '' ? '*' : `${path}.*` },
          false,
        )
      : []),
    ...(isSchema(schema['items']) ? below(schema['items'], { ...at, path: `${path}[]` }) : []),
    ...alternatives(branchesOf(schema).map((branch) => below(branch, at))),
  ];
}

/** Lines of which one alternative or another holds: nothing is always there that is in one of them alone. */
function alternatives(branches: PayloadRow[][]): PayloadRow[] {
  const told = branches.filter((rows) => rows.length > 0);
  const isNested = ({ path }: PayloadRow) => /[.[]/.test(path);
  const inAll = ({ path }: PayloadRow) =>
    told.every((rows) => rows.some((row) => row.path === path && row.required));
  return told
    .flat()
    .map((row) => ({ ...row, required: row.required && (isNested(row) || inAll(row)) }));
}

/** A schema's own line, and those of all that is in it. */
function told(schema: unknown, place: Place, required: boolean): PayloadRow[] {
  const { path, root } = place;
  const whole = resolved(schema, root);
  const description = isSchema(schema) ? (schema['description'] ?? whole['description']) : '';
  return [
    {
      path,
      type: typeOf(schema, root),
      required,
      description: typeof description === 'string' ? description : '',
    },
    ...below(schema, place),
  ];
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  array: 'list',
};

function typeOf(given: unknown, root: JsonSchema): string {
  const schema = resolved(given, root);
  const branches = branchesOf(schema);
  if (branches.length > 0) {
    return [...new Set(branches.map((branch) => typeOf(branch, root)))].join(' or ');
  }
  if ('const' in schema) return `\`${JSON.stringify(schema['const'])}\``;
  const values = schema['enum'];
  if (Array.isArray(values))
    return values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  const { type } = schema;
  if (type === 'array') {
    const items = schema['items'];
    return items === undefined ? 'list' : `list of ${typeOf(items, root)}`;
  }
  const format = typeof schema['format'] === 'string' ? ` (${schema['format']})` : '';
  return typeof type === 'string' ? `${WORDS[type] ?? type}${format}` : 'anything';
}

/** Alternatives, without those that tell nothing but that there can be others. */
function branchesOf(schema: JsonSchema): unknown[] {
  const list = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  return Array.isArray(list)
    ? list.filter((branch) => !JSON.stringify(branch).includes('"not"'))
    : [];
}

function resolved(given: unknown, root: JsonSchema): JsonSchema {
  if (!isSchema(given)) return {};
  const reference = given['$ref'];
  if (typeof reference !== 'string') return given;
  const defs = isSchema(root['$defs']) ? root['$defs'] : {};
  const found = reference === '#' ? root : defs[reference.replace('#/$defs/', '')];
  return isSchema(found) ? found : {};
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
