import type { DocumentState } from '../../server/src/domain/change';
import type {
  Attributes,
  AttributeShape,
  ContentSchema,
} from '../../server/src/domain/content-type';
import type { Populate } from '../../server/src/domain/definition';
import { asRows } from './mapping';

/** Files of the media library are rows of this type. */
const FILE = 'plugin::upload.file';

/** What has attributes: a content type or a component. */
export interface Shape {
  uid: string;
  attributes: Attributes;
  draftAndPublish?: boolean;
}

/** Names of relations, components and media to be read, each with those below it. */
export interface PopulateTree {
  [name: string]: PopulateTree;
}

/** Reads the rows that a path such as `show` or `files.masters` leads to. */
export interface RowsReader {
  /** What the rows have. */
  shape: Shape;
  /** True where the rows are files of the media library. */
  media: boolean;
  tree: PopulateTree;
  /** @param draft of a draft, drafts are read as well; of a published state only what is published. */
  rows(state: DocumentState, draft: boolean): DocumentState[];
}

/** Reads the values that a path such as `title` or `show.genre` leads to. */
export interface ValuesReader {
  /** Where the path ends at media: their rows. The value is their address. */
  media: RowsReader | null;
  tree: PopulateTree;
  values(state: DocumentState, draft: boolean): unknown[];
}

/**
 * Follows a path of relations, components and media; null is the shape itself.
 *
 * @throws Error naming the option when the path does not fit.
 */
export function rowsReader(
  schema: ContentSchema,
  shape: Shape,
  option: string,
  path: string | null,
): RowsReader {
  const own: RowsReader = { shape, media: false, tree: {}, rows: (state) => [state] };
  return (path?.split('.') ?? []).reduce((from, name) => step(schema, from, option, name), own);
}

/**
 * Follows a path to its last attribute, which has a value.
 *
 * @throws Error naming the option when the path does not fit.
 */
export function valuesReader(
  schema: ContentSchema,
  shape: Shape,
  option: string,
  path: string,
): ValuesReader {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const from = rowsReader(schema, shape, option, names.length > 0 ? names.join('.') : null);
  const attribute = attributeIn(from.shape, option, last);
  if (attribute.type === 'media') {
    const media = rowsReader(schema, shape, option, path);
    return {
      media,
      tree: media.tree,
      values: (state, draft) => media.rows(state, draft).map((file) => file['url']),
    };
  }
  if (['relation', 'component', 'dynamiczone', 'password'].includes(attribute.type)) {
    throw new Error(
      `${option}: "${path}" is a ${attribute.type}; it must end at an attribute with a value`,
    );
  }
  return {
    media: null,
    tree: from.tree,
    values: (state, draft) => from.rows(state, draft).map((row) => row[last]),
  };
}

/** All that several readers want to have read. */
export function populateFor(trees: readonly PopulateTree[]): Populate {
  const merged = trees.reduce<PopulateTree>(merge, {});
  return Object.fromEntries(
    Object.entries(merged).map(([name, below]) => [
      name,
      Object.keys(below).length > 0 ? { populate: populateFor([below]) } : true,
    ]),
  );
}

function step(schema: ContentSchema, from: RowsReader, option: string, name: string): RowsReader {
  const shape = shapeAt(schema, from, option, name);
  const open = shape.draftAndPublish !== true;
  return {
    shape,
    media: shape.uid === FILE,
    tree: graft(from.tree, name),
    rows: (state, draft) =>
      from
        .rows(state, draft)
        .flatMap((row) => asRows(row[name]))
        .filter((row) => open || draft || (row['publishedAt'] ?? null) !== null),
  };
}

function shapeAt(schema: ContentSchema, from: RowsReader, option: string, name: string): Shape {
  const { type, component, target } = attributeIn(from.shape, option, name);
  const uid = type === 'media' ? FILE : type === 'component' ? component : target;
  const next = type === 'component' ? schema.components[uid ?? ''] : schema.contentTypes[uid ?? ''];
  if (!next || !uid || !['media', 'component', 'relation'].includes(type)) {
    throw new Error(
      `${option}: "${name}" of ${from.shape.uid} is a ${type}; a path goes through components, relations and media`,
    );
  }
  return { uid, ...next };
}

function attributeIn(shape: Shape, option: string, name: string): AttributeShape {
  const attribute = Object.hasOwn(shape.attributes, name) ? shape.attributes[name] : undefined;
  if (!attribute) {
    const known = Object.keys(shape.attributes).join(', ');
    throw new Error(`${option}: ${shape.uid} has no attribute "${name}" (it has ${known})`);
  }
  return attribute;
}

/** A tree put below the only branch of another one. */
export function under(tree: PopulateTree, below: PopulateTree): PopulateTree {
  const [branch] = Object.entries(tree);
  return branch ? { [branch[0]]: under(branch[1], below) } : below;
}

/** A tree with one more name at the end of its only branch. */
function graft(tree: PopulateTree, name: string): PopulateTree {
  const [branch] = Object.entries(tree);
  return branch ? { [branch[0]]: graft(branch[1], name) } : { [name]: {} };
}

function merge(one: PopulateTree, other: PopulateTree): PopulateTree {
  const merged = { ...one };
  for (const [name, below] of Object.entries(other)) {
    merged[name] = merge(merged[name] ?? {}, below);
  }
  return merged;
}
