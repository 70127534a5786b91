import { adminApi } from '@strapi/strapi/admin';

/**
 * All plugins share one `adminApi`, and an endpoint injected under a name that is taken is dropped silently:
 * every endpoint and tag below this file carries the plugin's name.
 */
export const newswireApi = adminApi.enhanceEndpoints({
  addTagTypes: ['NewswireSubscription', 'NewswireDelivery', 'NewswireEvent', 'NewswireStatus'],
});
