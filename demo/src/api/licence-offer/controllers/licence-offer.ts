import { factories } from '@strapi/strapi';

export default factories.createCoreController('api::licence-offer.licence-offer');
