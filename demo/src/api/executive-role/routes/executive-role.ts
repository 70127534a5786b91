import { factories } from '@strapi/strapi';

export default factories.createCoreRouter('api::executive-role.executive-role');
