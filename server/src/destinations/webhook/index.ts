export { createWebhookDestination, type WebhookOptions } from './webhook-destination';
export type { WebhookSettings } from './settings';
export { readClientCertificate, type ClientCertificate } from './client-certificate';
