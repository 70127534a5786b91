import type { Core } from '@strapi/strapi';
import { migrate } from './store/migrate';
import { completeErrors } from './middlewares/complete-errors';
import { keepBytes } from './middlewares/keep-bytes';
import { takeToken } from './middlewares/take-token';
import { documentMiddleware } from './services/capture-documents';
import { databaseSubscriber } from './services/capture-database';
import { pipelineOf } from './services';
import type { Capture } from './services/capture';
import { routesPath } from './services/event-links';
import { letPartnersIn } from './services/partners/strategy';

/**
 * Declares what must be there before anything else runs: the middleware is registered here, because Strapi's own are
 * registered in bootstrap, so that this one is outermost; tables and catalogue are made as soon as Strapi has synced its
 * own schema, before any bootstrap function can write content. A schema that its version does not allow stops the boot.
 */
export function register({ strapi }: { strapi: Core.Strapi }): void {
  let capture: Capture | null = null;
  // Before any middleware that Strapi is configured with: none of them is to see a token in an address.
  strapi.server.use(completeErrors(routesPath(strapi)));
  strapi.server.use(takeToken(routesPath(strapi)));
  strapi.server.use(keepBytes(`${routesPath(strapi)}/callbacks`));
  letPartnersIn(strapi, {
    entry: () => pipelineOf(strapi).partnerAccess.entry,
    signatures: () => pipelineOf(strapi).signatureAccess,
  });

  strapi.documents.use(async (context, next) => {
    return capture ? documentMiddleware(strapi, capture)(context, next) : next();
  });

  const afterSync = strapi.hook('strapi::content-types.afterSync') as {
    register(handler: () => Promise<void>): unknown;
  };
  afterSync.register(async () => {
    const ran = await migrate(strapi.db.connection);
    if (ran.length > 0) {
      strapi.log.info(`[newswire] Tables are up to date: ${ran.join(', ')}`);
    }
    const pipeline = pipelineOf(strapi);
    await pipeline.schemas.record();
    ({ capture } = pipeline);
    const subscriber = databaseSubscriber(strapi, capture, pipeline.catalogue.uids);
    strapi.db.lifecycles.subscribe(subscriber);
  });
}
