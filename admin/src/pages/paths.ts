import { PLUGIN_ID } from '../pluginId';

const ROOT = `/plugins/${PLUGIN_ID}`;

/** Where the plugin's pages are in the panel. */
export const PATHS = {
  subscriptions: `${ROOT}/subscriptions`,
  createSubscription: `${ROOT}/subscriptions/create`,
  deliveries: `${ROOT}/deliveries`,
  events: `${ROOT}/events`,
  catalogue: `${ROOT}/catalogue`,
};

export function subscriptionPath(id: string): string {
  return `${PATHS.subscriptions}/${encodeURIComponent(id)}`;
}

export function deliveryPath(id: string): string {
  return `${PATHS.deliveries}/${encodeURIComponent(id)}`;
}

export function eventPath(id: string): string {
  return `${PATHS.events}/${encodeURIComponent(id)}`;
}

export function eventTypePath(type: string): string {
  return `${PATHS.catalogue}/${encodeURIComponent(type)}`;
}

/** A list, narrowed down by its filters. */
export function filtered(list: string, filters: Record<string, string>): string {
  return `${list}?${new URLSearchParams(filters).toString()}`;
}
