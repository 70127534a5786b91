import type { Core } from '@strapi/strapi';
import { pipelineOf } from './services';

/** Stops the pipeline; Strapi waits for it, so requests under way end and their results are written. */
export async function destroy({ strapi }: { strapi: Core.Strapi }): Promise<void> {
  await pipelineOf(strapi).stop();
}
