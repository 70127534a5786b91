import type { Action } from '../permissions';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One operation of spec §7, open to admins and to API tokens alike. */
export interface Operation {
  method: Method;
  path: string;
  handler: string;
  /** What an admin's role must allow. */
  action: Action;
}

/** Every operation of spec §7 that this version has, each once. */
export const operations: Operation[] = [
  operation('GET', '/subscriptions', 'subscriptions.find', 'subscriptions.read'),
  operation('POST', '/subscriptions', 'subscriptions.create', 'subscriptions.update'),
  operation('GET', '/subscriptions/:id', 'subscriptions.findOne', 'subscriptions.read'),
  operation('PATCH', '/subscriptions/:id', 'subscriptions.update', 'subscriptions.update'),
  operation('DELETE', '/subscriptions/:id', 'subscriptions.delete', 'subscriptions.update'),
  operation('POST', '/subscriptions/:id/pause', 'subscriptions.pause', 'subscriptions.update'),
  operation('POST', '/subscriptions/:id/resume', 'subscriptions.resume', 'subscriptions.update'),
  operation('POST', '/subscriptions/:id/test', 'subscriptions.test', 'subscriptions.update'),
  operation('GET', '/subscriptions/:id/keys', 'secrets.find', 'subscriptions.read'),
  operation('POST', '/subscriptions/:id/secret/rotate', 'secrets.rotate', 'subscriptions.update'),
  operation('POST', '/subscriptions/:id/secret/revoke', 'secrets.revoke', 'subscriptions.update'),
  operation('GET', '/keys', 'keys.find', 'keys.read'),
  operation('POST', '/keys/rotate', 'keys.rotate', 'keys.update'),
  operation('POST', '/keys/revoke', 'keys.revoke', 'keys.update'),
  operation('GET', '/client-certificates', 'client-certificates.find', 'keys.read'),
  operation('POST', '/client-certificates', 'client-certificates.create', 'keys.update'),
  operation('GET', '/client-certificates/:id', 'client-certificates.findOne', 'keys.read'),
  operation('DELETE', '/client-certificates/:id', 'client-certificates.delete', 'keys.update'),
  operation('GET', '/partners', 'partners.find', 'partners.read'),
  operation('POST', '/partners', 'partners.create', 'partners.update'),
  operation('GET', '/partners/:id', 'partners.findOne', 'partners.read'),
  operation('PATCH', '/partners/:id', 'partners.update', 'partners.update'),
  operation('DELETE', '/partners/:id', 'partners.delete', 'partners.update'),
  operation('GET', '/partners/:id/tokens', 'partner-tokens.find', 'partners.read'),
  operation('POST', '/partners/:id/tokens', 'partner-tokens.create', 'partners.update'),
  operation('DELETE', '/partners/:id/tokens/:token_id', 'partner-tokens.delete', 'partners.update'),
  operation('GET', '/feeds', 'feeds.find', 'feeds.read'),
  operation('POST', '/feeds', 'feeds.create', 'feeds.update'),
  operation('GET', '/feeds/:id', 'feeds.findOne', 'feeds.read'),
  operation('PATCH', '/feeds/:id', 'feeds.update', 'feeds.update'),
  operation('DELETE', '/feeds/:id', 'feeds.delete', 'feeds.update'),
  operation('GET', '/feeds/:id/readers', 'feeds.readers', 'feeds.read'),
  operation('GET', '/deliveries', 'deliveries.find', 'deliveries.read'),
  operation('GET', '/deliveries/:id', 'deliveries.findOne', 'deliveries.read'),
  operation('POST', '/deliveries/:id/retry', 'deliveries.retry', 'deliveries.retry'),
  operation('POST', '/deliveries/:id/cancel', 'deliveries.cancel', 'deliveries.retry'),
  operation('POST', '/deliveries/:id/replay', 'deliveries.replay', 'deliveries.retry'),
  operation('GET', '/replays', 'replays.find', 'deliveries.read'),
  operation('POST', '/replays', 'replays.create', 'deliveries.retry'),
  operation('GET', '/replays/:id', 'replays.findOne', 'deliveries.read'),
  operation('POST', '/replays/:id/cancel', 'replays.cancel', 'deliveries.retry'),
  operation('GET', '/events', 'events.find', 'events.read'),
  operation('GET', '/events/:event_id', 'events.findOne', 'events.read'),
  operation('POST', '/events/:event_id/revalidate', 'events.revalidate', 'events.update'),
  operation('POST', '/events/:event_id/approve', 'events.approve', 'events.review'),
  operation('POST', '/events/:event_id/reject', 'events.reject', 'events.review'),
  operation('GET', '/consumption', 'consumption.find', 'events.read'),
  operation('GET', '/catalogue', 'catalogue.find', 'events.read'),
  operation('GET', '/catalogue/:event_type', 'catalogue.findType', 'events.read'),
  operation('GET', '/catalogue/:event_type/:version', 'catalogue.findOne', 'events.read'),
  operation('GET', '/status', 'status.find', 'subscriptions.read'),
];

function operation(method: Method, path: string, handler: string, action: Action): Operation {
  return { method, path, handler, action };
}
