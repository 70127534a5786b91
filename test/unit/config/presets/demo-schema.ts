import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ownAttributes } from '../../../../server/src/domain/content-type';
import type { Attributes, ContentSchema } from '../../../../server/src/domain/content-type';

const SOURCES = path.resolve(import.meta.dirname, '..', '..', '..', '..', 'demo', 'src');

interface SchemaFile {
  info: { singularName: string; displayName: string };
  options?: { draftAndPublish?: boolean };
  pluginOptions?: { i18n?: { localized?: boolean } };
  attributes: Attributes;
}

/** The content types and components of the demo, as its files have them. */
export const demoSchema: ContentSchema = {
  contentTypes: Object.fromEntries(
    readdirSync(path.join(SOURCES, 'api')).map((name) => {
      const file = readSchema('api', name, 'content-types', name, 'schema.json');
      const uid = `api::${name}.${name}`;
      const type = {
        uid,
        displayName: file.info.displayName,
        draftAndPublish: file.options?.draftAndPublish === true,
        localized: file.pluginOptions?.i18n?.localized === true,
        attributes: file.attributes,
        own: ownAttributes(file.attributes),
      };
      return [uid, type];
    }),
  ),
  components: Object.fromEntries(
    readdirSync(path.join(SOURCES, 'components')).flatMap((category) =>
      readdirSync(path.join(SOURCES, 'components', category)).map((name) => {
        const { attributes } = readSchema('components', category, name);
        return [
          `${category}.${path.basename(name, '.json')}`,
          { attributes, own: ownAttributes(attributes) },
        ];
      }),
    ),
  ),
};

function readSchema(...names: string[]): SchemaFile {
  const file = JSON.parse(readFileSync(path.join(SOURCES, ...names), 'utf8')) as SchemaFile;
  for (const attribute of Object.values(file.attributes)) {
    // Strapi gives a custom field the type that it is stored as.
    if (attribute.type === 'customField') attribute.type = 'json';
  }
  return file;
}
