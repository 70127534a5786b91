import { errors } from '@strapi/utils';
import type { Context } from 'koa';
import { pipelineOf } from '../services';
import { currentActor } from '../services/actor';
import { answer, bodyOf, parameter } from './answer';
import type { Deps } from './answer';
import { callbacks, consumption } from './callbacks';
import { feedEvents, feedList, feedRecords, feeds, feedStream } from './feeds';
import { contract } from './contract';
import { feedAtom, feedJson, feedRss } from './feed-documents';
import { changedResource, readResource } from './kept-resource';
import { clientCertificates, keys, keySet, secrets } from './keys';
import { backpressure, partners, partnerTokens, usage } from './partners';
import { catalogue, schemas } from './schemas';

function subscriptions({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).subscriptions;
  const id = (ctx: Context) => parameter(ctx, 'id');
  return {
    ...changedResource(strapi, service),
    pause: answer(async (ctx) => {
      ctx.body = { data: await service().pause(id(ctx), bodyOf(ctx), currentActor(strapi)) };
    }),
    resume: answer(async (ctx) => {
      ctx.body = { data: await service().resume(id(ctx), currentActor(strapi)) };
    }),
    test: answer(async (ctx) => {
      ctx.body = { data: await pipelineOf(strapi).sendTest(id(ctx), currentActor(strapi)) };
    }),
  };
}

function deliveries({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).deliveries;
  const id = (ctx: Context) => parameter(ctx, 'id');
  return {
    ...readResource(service),
    retry: answer(async (ctx) => {
      ctx.body = { data: await service().retry(id(ctx)) };
    }),
    cancel: answer(async (ctx) => {
      ctx.body = { data: await service().cancel(id(ctx)) };
    }),
    replay: answer(async (ctx) => {
      ctx.body = { data: await service().replay(id(ctx)) };
      ctx.status = 201;
    }),
  };
}

function replays({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).replays;
  const id = (ctx: Context) => parameter(ctx, 'id');
  return {
    ...readResource(service),
    create: answer(async (ctx) => {
      const data = await service().create(bodyOf(ctx), currentActor(strapi));
      ctx.body = { data };
      ctx.status = 'id' in data ? 201 : 200;
    }),
    cancel: answer(async (ctx) => {
      ctx.body = { data: await service().cancel(id(ctx)) };
    }),
  };
}

function events({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).events;
  return {
    find: answer(async (ctx) => {
      ctx.body = await service().list(ctx.query);
    }),
    findOne: answer(async (ctx) => {
      ctx.body = { data: await service().find(parameter(ctx, 'event_id')) };
    }),
    approve: answer(async (ctx) => {
      const { approvals } = pipelineOf(strapi);
      ctx.body = { data: await approvals.approve(parameter(ctx, 'event_id'), bodyOf(ctx)) };
    }),
    reject: answer(async (ctx) => {
      const { approvals } = pipelineOf(strapi);
      ctx.body = { data: await approvals.reject(parameter(ctx, 'event_id'), bodyOf(ctx)) };
    }),
    revalidate: answer(async (ctx) => {
      ctx.body = { data: await service().revalidate(parameter(ctx, 'event_id')) };
    }),
  };
}

function status({ strapi }: Deps) {
  return {
    find: answer(async (ctx) => {
      ctx.body = { data: await pipelineOf(strapi).status() };
    }),
  };
}

function metrics({ strapi }: Deps) {
  return {
    // Strapi lets a read-only token call what is named find.
    find: answer(async (ctx) => {
      const served = pipelineOf(strapi).metrics;
      if (!served) {
        throw new errors.NotFoundError(
          'Metrics are switched off: newswire.config.metrics.enabled',
          {
            code: 'not_found',
          },
        );
      }
      ctx.body = await served.text();
      ctx.set('Content-Type', served.contentType);
      ctx.set('Cache-Control', 'no-store');
    }),
  };
}

/** Thin: what a request means is decided in the services. */
export const controllers = {
  subscriptions,
  deliveries,
  replays,
  events,
  catalogue,
  schemas,
  status,
  metrics,
  secrets,
  keys,
  'key-set': keySet,
  'client-certificates': clientCertificates,
  backpressure,
  usage,
  callbacks,
  consumption,
  partners,
  'partner-tokens': partnerTokens,
  feeds,
  'feed-list': feedList,
  'feed-events': feedEvents,
  'feed-stream': feedStream,
  'feed-records': feedRecords,
  'feed-rss': feedRss,
  'feed-atom': feedAtom,
  'feed-json': feedJson,
  contract,
};
