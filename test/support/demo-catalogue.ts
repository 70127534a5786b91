import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseOptions } from '../../config/options';
import { ownAttributes } from '../../server/src/domain/content-type';
import type { Attributes, ContentSchema } from '../../server/src/domain/content-type';
import type { Catalogue } from '../../server/src/domain/catalogue';
import { createCatalogue } from '../../server/src/services/catalogue';

const DEMO = path.resolve(import.meta.dirname, '../../demo');

interface SchemaFile {
  info: { displayName: string };
  options?: { draftAndPublish?: boolean };
  pluginOptions?: { i18n?: { localized?: boolean } };
  attributes: Attributes;
}

/** The demo's content types and components, from its files. */
export function demoSchema(): ContentSchema {
  const types = filesIn(path.join(DEMO, 'src', 'api')).filter(({ name }) => name === 'schema');
  const components = filesIn(path.join(DEMO, 'src', 'components'));
  return {
    contentTypes: Object.fromEntries(
      types.map(({ parts, schema }) => {
        const [api = ''] = parts;
        const uid = `api::${api}.${parts.at(-1) ?? ''}`;
        return [
          uid,
          {
            uid,
            displayName: schema.info.displayName,
            draftAndPublish: schema.options?.draftAndPublish === true,
            localized: schema.pluginOptions?.i18n?.localized === true,
            attributes: schema.attributes,
            own: ownAttributes(schema.attributes),
          },
        ];
      }),
    ),
    components: Object.fromEntries(
      components.map(({ parts, name, schema: { attributes } }) => [
        `${parts.at(-1) ?? ''}.${name}`,
        { attributes, own: ownAttributes(attributes) },
      ]),
    ),
  };
}

/** The catalogue that the demo's configuration makes, without a Strapi. */
export async function demoCatalogue(): Promise<Catalogue> {
  const { default: config } = await import('../../demo/config/plugins');
  const env = (() => '') as unknown as Parameters<typeof config>[0]['env'];
  const plugins = config({ env }) as { newswire: { config: unknown } };
  return createCatalogue(parseOptions(plugins.newswire.config), demoSchema());
}

function filesIn(folder: string): { parts: string[]; name: string; schema: SchemaFile }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const parts = path.dirname(file).split(path.sep);
      const text = readFileSync(path.join(folder, file), 'utf8');
      return { parts, name: path.basename(file, '.json'), schema: JSON.parse(text) as SchemaFile };
    });
}
