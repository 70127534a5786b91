import type { Core } from '@strapi/strapi';
import { createPipeline } from './pipeline';
import type { Pipeline } from './pipeline';

/** The wired pipeline of this Strapi; made on first use. */
export function pipelineOf(strapi: Core.Strapi): Pipeline {
  return strapi.plugin('newswire').service('pipeline') as unknown as Pipeline;
}

/** What an application may call: `strapi.plugin('newswire').service('subscriptions').create({ … })`. */
export const services = {
  pipeline: createPipeline,
  subscriptions: ({ strapi }: { strapi: Core.Strapi }) => pipelineOf(strapi).subscriptions,
  deliveries: ({ strapi }: { strapi: Core.Strapi }) => pipelineOf(strapi).deliveries,
  replays: ({ strapi }: { strapi: Core.Strapi }) => pipelineOf(strapi).replays,
  events: ({ strapi }: { strapi: Core.Strapi }) => pipelineOf(strapi).events,
  feeds: ({ strapi }: { strapi: Core.Strapi }) => pipelineOf(strapi).feeds,
  partners: ({ strapi }: { strapi: Core.Strapi }) => pipelineOf(strapi).partners,
  partnerTokens: ({ strapi }: { strapi: Core.Strapi }) => pipelineOf(strapi).partnerTokens,
  sla: ({ strapi }: { strapi: Core.Strapi }) => pipelineOf(strapi).sla,
};
