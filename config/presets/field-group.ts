import type { DocumentState } from '../../server/src/domain/change';
import type { ContentSchema } from '../../server/src/domain/content-type';
import { rowsReader, under, valuesReader } from './field-path';
import type { PopulateTree, RowsReader, Shape, ValuesReader } from './field-path';
import { FILE_VALUES, valueOf } from './field-values';
import type { Kind } from './field-values';

/** What a group of a payload's fields is made of, by the payload's names; `option` is the name in the mapping. */
export type GroupSpec = Readonly<Record<string, { option: string; kind: Kind }>>;

/** Where the mapping says that a group is. */
export interface GroupMapping {
  /** Attribute of the content type, or path; null: the fields are the content type's own. Left out: the group's name. */
  at?: string | null | undefined;
  /** Where each field is; null: nowhere. Left out: by the payload's name, where there is such an attribute. */
  fields?: Readonly<Record<string, string | null | undefined>> | undefined;
}

export interface GroupReader {
  trees: PopulateTree[];
  /** The group's fields, once for each row that says anything at all. */
  read(state: DocumentState): Record<string, unknown>[];
}

interface Field {
  name: string;
  kind: Kind;
  reader: ValuesReader | null;
}

/**
 * Reads a group of a payload's fields: from a component, a relation, media, or the document itself.
 *
 * @returns null where the mapping says that there is none, or says nothing and there is none by its name.
 * @throws Error naming the option that does not fit the content types.
 */
export function groupReader(
  schema: ContentSchema,
  shape: Shape,
  group: {
    option: string;
    /** Name of the attribute that is looked for where the mapping says nothing. */
    name: string;
    spec: GroupSpec;
    mapping: GroupMapping | null | undefined;
    addressBase?: string | undefined;
  },
): GroupReader | null {
  const { option, name, spec, mapping, addressBase } = group;
  if (mapping === null) return null;
  const at = mapping?.at === undefined ? name : mapping.at;
  if (mapping?.at === undefined && !Object.hasOwn(shape.attributes, name)) {
    if (mapping === undefined) return null;
    throw new Error(
      `${option}.at: ${shape.uid} has no attribute "${name}"; say where it is, or null for ${shape.uid} itself`,
    );
  }
  const rows = rowsReader(schema, shape, `${option}.at`, at);
  const fields = Object.entries(spec).map(([field, { option: key, kind }]) => ({
    name: field,
    kind,
    reader: fieldReader(schema, rows.shape, `${option}.fields.${key}`, {
      path: mapping?.fields?.[key],
      name: field,
    }),
  }));
  return {
    trees: [
      rows.tree,
      ...fields.flatMap(({ reader }) => (reader ? [under(rows.tree, reader.tree)] : [])),
    ],
    read(state) {
      const draft = (state['publishedAt'] ?? null) === null;
      return rows
        .rows(state, draft)
        .map((row) => readRow(row, { draft, fields, rows, addressBase }))
        .filter((values) => Object.values(values).some(isSaid));
    },
  };
}

/** A single field of the document, or null where the mapping says nothing and there is none by its name. */
export function fieldReader(
  schema: ContentSchema,
  shape: Shape,
  option: string,
  { path, name }: { path: string | null | undefined; name: string },
): ValuesReader | null {
  if (path === null) return null;
  if (path !== undefined) return valuesReader(schema, shape, option, path);
  return Object.hasOwn(shape.attributes, name) ? valuesReader(schema, shape, option, name) : null;
}

function readRow(
  row: DocumentState,
  from: { draft: boolean; fields: Field[]; rows: RowsReader; addressBase: string | undefined },
): Record<string, unknown> {
  const { draft, fields, rows, addressBase } = from;
  const linked = fields.find(({ kind, reader }) => kind === 'address' && reader?.media)?.reader;
  const file = rows.media ? row : linked?.media?.rows(row, draft)[0];
  return Object.fromEntries(
    fields.map(({ name, kind, reader }) => {
      const given = reader?.values(row, draft) ?? [];
      const known = file ? [FILE_VALUES[name]?.(file)] : [];
      return [name, valueOf(kind, [...given, ...known], addressBase)];
    }),
  );
}

function isSaid(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null;
}
