import type { ComponentType } from 'react';
import type { StrapiApp } from '@strapi/strapi/admin';

export default {
  config: {
    tutorials: false,
    notifications: { releases: false },
  },

  register(app: StrapiApp) {
    app.customFields.register({
      name: 'pick-list',
      type: 'json',
      intlLabel: { id: 'northlight.pick-list.label', defaultMessage: 'Pick list' },
      intlDescription: {
        id: 'northlight.pick-list.description',
        defaultMessage: 'Several words out of a given list, kept as a list',
      },
      components: {
        // Strapi's type knows no properties of an input; at run time it passes the field's.
        Input: async () => {
          const { PickListInput } = await import('./PickListInput');
          return { default: PickListInput as unknown as ComponentType };
        },
      },
    });
  },
};
