import { factories } from '@strapi/strapi';

export default factories.createCoreController('api::executive-role.executive-role');
