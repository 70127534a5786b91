import type { Core } from '@strapi/strapi';
import { seed } from './seed';

const application = {
  register({ strapi }: { strapi: Core.Strapi }) {
    strapi.customFields.register({
      name: 'pick-list',
      type: 'json',
      inputSize: { default: 6, isResizable: true },
    });
  },

  async bootstrap({ strapi }: { strapi: Core.Strapi }) {
    if (process.env.NEWSWIRE_DEMO_SEED === '1') {
      await seed(strapi);
    }
  },
};

export default application;
