import type { Core } from '@strapi/strapi';

/** The path of the routes for partners, as requests have it: `/api/newswire`. */
export function routesPath(strapi: Core.Strapi): string {
  const prefix = strapi.config.get<string>('api.rest.prefix', '/api');
  return `${`/${prefix}`.replace(/\/+/g, '/').replace(/\/$/, '')}/newswire`;
}

/** The absolute address below which partners find everything, from Strapi's `server.url`: `https://…/api/newswire`. */
export function publicRoutes(strapi: Core.Strapi): string {
  const server = strapi.config.get<string>('server.absoluteUrl', 'http://localhost:1337');
  return server.replace(/\/+$/, '') + routesPath(strapi);
}

/** Where an event can be fetched with a Strapi API token: an absolute address. */
export function eventLinks(strapi: Core.Strapi): (eventId: string) => string {
  const base = publicRoutes(strapi);
  return (eventId) => `${base}/manage/events/${eventId}`;
}
