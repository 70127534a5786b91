import type { Permission } from '@strapi/strapi/admin';

import { PLUGIN_ID } from './pluginId';

/** `subject: null` is how Strapi stores a plugin's action on a role; `Page.Protect` compares it literally. */
function granting(action: string): Permission[] {
  return [{ action: `plugin::${PLUGIN_ID}.${action}`, subject: null }];
}

/** The plugin's RBAC actions, as the server registers them. */
export const PERMISSIONS = {
  readSubscriptions: granting('subscriptions.read'),
  /** Create, edit, delete, pause, resume, test. */
  updateSubscriptions: granting('subscriptions.update'),
  readDeliveries: granting('deliveries.read'),
  /** Retry, cancel, replay. */
  retryDeliveries: granting('deliveries.retry'),
  /** Events and the catalogue. */
  readEvents: granting('events.read'),
  /** Validate invalid events again and release them. */
  updateEvents: granting('events.update'),
};

/** Any one of these opens the plugin. */
export const ENTRY_PERMISSIONS: Permission[] = [
  ...PERMISSIONS.readSubscriptions,
  ...PERMISSIONS.readDeliveries,
  ...PERMISSIONS.readEvents,
];
