import type { Context } from 'koa';
import { pipelineOf } from '../services';
import { partnerOf } from '../services/partners/caller';
import { answer, bodyOf, parameter, type Deps } from './answer';
import { changedResource } from './kept-resource';

const id = (ctx: Context) => parameter(ctx, 'id');

export function partners({ strapi }: Deps) {
  return changedResource(strapi, () => pipelineOf(strapi).partners);
}

export function partnerTokens({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).partnerTokens;
  return {
    find: answer(async (ctx) => {
      const data = await service().list(id(ctx));
      ctx.body = { data, meta: { after: null, has_more: false } };
    }),
    create: answer(async (ctx) => {
      ctx.body = { data: await service().create(id(ctx), bodyOf(ctx)) };
      ctx.set('Cache-Control', 'no-store');
      ctx.status = 201;
    }),
    delete: answer(async (ctx) => {
      await service().revoke(id(ctx), parameter(ctx, 'token_id'));
      ctx.status = 204;
    }),
  };
}

/** What partners ask for of their own subscriptions. */
export function backpressure({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).backpressure;
  return {
    pause: answer(async (ctx) => {
      ctx.body = { data: await service().pause(partnerOf(ctx), id(ctx), bodyOf(ctx)) };
    }),
    resume: answer(async (ctx) => {
      ctx.body = { data: await service().resume(partnerOf(ctx), id(ctx), bodyOf(ctx)) };
    }),
  };
}

export function usage({ strapi }: Deps) {
  return {
    find: answer(async (ctx) => {
      ctx.body = { data: await pipelineOf(strapi).usage(partnerOf(ctx)) };
    }),
  };
}
