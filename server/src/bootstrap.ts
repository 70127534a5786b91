import type { Core } from '@strapi/strapi';
import { registerPermissions } from './permissions';
import { pipelineOf } from './services';

/** Starts the pipeline. */
export async function bootstrap({ strapi }: { strapi: Core.Strapi }): Promise<void> {
  await registerPermissions(strapi);
  await pipelineOf(strapi).start();
}
