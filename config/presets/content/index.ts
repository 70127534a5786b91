import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { EventDefinition, Preset } from '../../../server/src/domain/definition';
import { contentEvents } from './events';
import { contentMapping } from './mapping';
import type { ContentMapping, FullContentMapping } from './mapping';

/**
 * Events of content as it is made ready, published, withdrawn and licensed: `content.created`, `.updated`, `.ready`,
 * `.published`, `.withdrawn`, `.approved`, `rendition.available`, `caption.available`, `rights.updated`.
 *
 * Of a type with draft and publish the published version counts; for `content.approved` see the option `approved`.
 *
 * @param mapping where the content is; several of them, where it is in several content types.
 */
export function content(mapping: ContentMapping | readonly ContentMapping[]): Preset {
  return {
    name: 'content',
    options: mapping,
    define(schema: ContentSchema): EventDefinition[] {
      const given: readonly unknown[] = Array.isArray(mapping) ? mapping : [mapping];
      return contentEvents(schema, given.map(checkMapping));
    },
  };
}

function checkMapping(given: unknown): FullContentMapping {
  const result = contentMapping.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message,
  );
  throw new Error(`content preset, ${problems.join('; ')}`);
}
