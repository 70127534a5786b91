import { factories } from '@strapi/strapi';

export default factories.createCoreRouter('api::licence-offer.licence-offer');
