import { factories } from '@strapi/strapi';

export default factories.createCoreService('api::executive-role.executive-role');
