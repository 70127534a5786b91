import type { StrapiApp } from '@strapi/strapi/admin';
import { Cast } from '@strapi/icons';

import { ENTRY_PERMISSIONS } from './permissions';
import { PLUGIN_ID } from './pluginId';
import { translationId } from './translations/translationId';

const plugin: StrapiApp['appPlugins'][string] = {
  register(app) {
    app.addMenuLink({
      to: `plugins/${PLUGIN_ID}`,
      icon: Cast,
      intlLabel: { id: translationId('plugin.name'), defaultMessage: 'Newswire' },
      permissions: ENTRY_PERMISSIONS,
      Component: () => import('./pages/App').then((module) => ({ default: module.App })),
    });

    app.registerPlugin({ id: PLUGIN_ID, name: 'Newswire' });
  },

  registerTrads({ locales }) {
    return Promise.all(
      locales.map(async (locale) => {
        try {
          const { default: texts } = (await import(`./translations/${locale}.json`)) as {
            default: Record<string, string>;
          };
          const data = Object.fromEntries(
            Object.entries(texts).map(([key, text]) => [translationId(key), text]),
          );
          return { data, locale };
        } catch {
          // No such language: Strapi falls back to English, text by text.
          return { data: {}, locale };
        }
      }),
    );
  },
};

export default plugin;
