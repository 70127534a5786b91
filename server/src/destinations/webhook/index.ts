export { createWebhookDestination, type WebhookOptions } from './webhook-destination';
export type { WebhookSettings } from './settings';
