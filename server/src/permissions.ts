import type { Core } from '@strapi/strapi';

/** RBAC actions of the admin panel: `plugin::newswire.<uid>`. */
const ACTIONS = [
  { uid: 'subscriptions.read', displayName: 'Read', subCategory: 'subscriptions' },
  {
    uid: 'subscriptions.update',
    displayName: 'Create, change, pause, test and delete',
    subCategory: 'subscriptions',
  },
  { uid: 'deliveries.read', displayName: 'Read', subCategory: 'deliveries' },
  { uid: 'deliveries.retry', displayName: 'Retry, replay and cancel', subCategory: 'deliveries' },
  {
    uid: 'keys.read',
    displayName: 'Read public keys and client certificates',
    subCategory: 'keys',
  },
  {
    uid: 'keys.update',
    displayName: 'Rotate and revoke key pairs, add and delete client certificates',
    subCategory: 'keys',
  },
  { uid: 'events.read', displayName: 'Read', subCategory: 'events' },
  {
    uid: 'events.update',
    displayName: 'Validate invalid events again and release them',
    subCategory: 'events',
  },
  {
    uid: 'events.review',
    displayName: 'Approve and reject events that need it',
    subCategory: 'events',
  },
  { uid: 'partners.read', displayName: 'Read', subCategory: 'partners' },
  {
    uid: 'partners.update',
    displayName: 'Create, change and delete partners, hand out and revoke their tokens',
    subCategory: 'partners',
  },
  { uid: 'feeds.read', displayName: 'Read', subCategory: 'feeds' },
  { uid: 'feeds.update', displayName: 'Create, change and delete', subCategory: 'feeds' },
] as const;

export type Action = (typeof ACTIONS)[number]['uid'];

/** Makes the actions known to Strapi, so that they can be given to roles. */
export async function registerPermissions(strapi: Core.Strapi): Promise<void> {
  const { actionProvider } = strapi.service('admin::permission') as unknown as {
    actionProvider: { registerMany(actions: object[]): Promise<void> };
  };
  await actionProvider.registerMany(
    ACTIONS.map((action) => ({ section: 'plugins', pluginName: 'newswire', ...action })),
  );
}
