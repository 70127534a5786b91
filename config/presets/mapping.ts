import type { DocumentState } from '../../server/src/domain/change';
import type { ContentSchema, ContentTypeShape } from '../../server/src/domain/content-type';

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

/** A to-one or to-many relation's rows, as a list. */
export function asRows(value: unknown): DocumentState[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((row): row is DocumentState => typeof row === 'object' && row !== null);
}
