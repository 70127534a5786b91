import { factories } from '@strapi/strapi';

export default factories.createCoreService('api::licence-offer.licence-offer');
