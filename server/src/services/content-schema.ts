import type { Core } from '@strapi/strapi';
import { ownAttributes } from '../domain/content-type';
import type { Attributes, ContentSchema } from '../domain/content-type';

interface RawSchema {
  info?: { displayName?: string };
  options?: { draftAndPublish?: boolean };
  pluginOptions?: { i18n?: { localized?: boolean } };
  attributes: Attributes;
}

/** The application's content types and components, as the domain wants to know them. */
export function readContentSchema(strapi: Core.Strapi): ContentSchema {
  const contentTypes = Object.entries(strapi.contentTypes as unknown as Record<string, RawSchema>);
  const components = Object.entries(strapi.components as unknown as Record<string, RawSchema>);
  return {
    contentTypes: Object.fromEntries(
      contentTypes.map(([uid, schema]) => [
        uid,
        {
          uid,
          displayName: schema.info?.displayName ?? uid,
          draftAndPublish: schema.options?.draftAndPublish === true,
          localized: schema.pluginOptions?.i18n?.localized === true,
          attributes: schema.attributes,
          own: ownAttributes(schema.attributes),
        },
      ]),
    ),
    components: Object.fromEntries(
      components.map(([uid, { attributes }]) => [
        uid,
        { attributes, own: ownAttributes(attributes) },
      ]),
    ),
  };
}
