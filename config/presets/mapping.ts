import type { DocumentState } from '../../server/src/domain/change';
import type {
  AttributeShape,
  ContentSchema,
  ContentTypeShape,
} from '../../server/src/domain/content-type';
import type { Populate } from '../../server/src/domain/definition';

/**
 * The content type that a preset's option names.
 *
 * @throws Error naming the option, when the application has no such content type.
 */
export function contentTypeOf(
  schema: ContentSchema,
  option: string,
  uid: string,
): ContentTypeShape {
  const contentType = schema.contentTypes[uid];
  if (!contentType) {
    throw new Error(`${option}: this application has no content type "${uid}"`);
  }
  return contentType;
}

/**
 * The attribute that a preset's option names.
 *
 * @throws Error naming the option and the attributes there are.
 */
export function attributeOf(
  contentType: ContentTypeShape,
  option: string,
  name: string,
): AttributeShape {
  const attribute = contentType.attributes[name];
  if (!attribute) {
    const known = Object.keys(contentType.attributes).join(', ');
    throw new Error(`${option}: ${contentType.uid} has no attribute "${name}" (it has ${known})`);
  }
  return attribute;
}

/** Reads related values, e.g. the slugs of a person's shows, and knows what has to be populated for it. */
export interface PathReader {
  populate: Populate;
  read(state: DocumentState): string[];
}

/**
 * Makes a reader for `relation.attribute`, e.g. `commissioned_shows.slug`. Of a target with draft and publish
 * only published versions are read, so that no draft is named outside.
 *
 * @throws Error naming the option when the path does not fit the content types.
 */
export function pathReader(
  schema: ContentSchema,
  contentType: ContentTypeShape,
  option: string,
  path: string,
): PathReader {
  const [relation = '', attribute = '', ...rest] = path.split('.');
  const shape = attributeOf(contentType, option, relation);
  if (shape.type !== 'relation' || !shape.target || !attribute || rest.length > 0) {
    throw new Error(`${option}: "${path}" must be "relation.attribute" of ${contentType.uid}`);
  }
  const target = contentTypeOf(schema, option, shape.target);
  attributeOf(target, option, attribute);
  return {
    populate: { [relation]: true },
    read(state) {
      const rows = asRows(state[relation]).filter(
        (row) => !target.draftAndPublish || row['publishedAt'] !== null,
      );
      const values = rows.map((row) => row[attribute]).filter((value) => typeof value === 'string');
      return [...new Set(values)].sort();
    },
  };
}

/** A to-one or to-many relation's rows, as a list. */
export function asRows(value: unknown): DocumentState[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((row): row is DocumentState => typeof row === 'object' && row !== null);
}

/** A text attribute's value, or null. Dates come as text from the database layer. */
export function textOf(state: DocumentState | null, attribute: string | undefined): string | null {
  const value = attribute === undefined ? null : state?.[attribute];
  if (value instanceof Date) {
    return value.toISOString();
  }
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A list of words from what an editor may have kept it in: a JSON list, or text with commas. */
export function wordsOf(state: DocumentState | null, attribute: string | undefined): string[] {
  const value = attribute === undefined ? null : state?.[attribute];
  const list: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [];
  return list
    .filter((word) => typeof word === 'string')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
