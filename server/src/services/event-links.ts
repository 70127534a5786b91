import type { Core } from '@strapi/strapi';

/** Where an event can be fetched with a Strapi API token: an absolute address, from Strapi's `server.url`. */
export function eventLinks(strapi: Core.Strapi): (eventId: string) => string {
  const server = strapi.config.get<string>('server.absoluteUrl', 'http://localhost:1337');
  const prefix = strapi.config.get<string>('api.rest.prefix', '/api');
  const base = `${server.replace(/\/+$/, '')}/${prefix.replace(/^\/+|\/+$/g, '')}`;
  return (eventId) => `${base}/newswire/manage/events/${eventId}`;
}
