import type { Core } from '@strapi/strapi';

export async function ensureSubscription(strapi: Core.Strapi): Promise<void> {
  void strapi;
}
