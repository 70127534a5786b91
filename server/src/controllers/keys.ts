import type { Context } from 'koa';
import { pipelineOf } from '../services';
import { answer, bodyOf, parameter, type Deps } from './answer';
import { keptResource } from './kept-resource';
import { answerCacheable } from './cacheable';

const id = (ctx: Context) => parameter(ctx, 'id');

/** How long others may keep the public keys without asking: a rotation is seen by then. */
const KEY_SET_MAX_AGE_SECONDS = 300;

const whole = <T>(data: T[]) => ({ data, meta: { after: null, has_more: false } });

export function secrets({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).subscriptionKeys;
  return {
    find: answer(async (ctx) => {
      ctx.body = whole(await service().list(id(ctx)));
    }),
    rotate: answer(async (ctx) => {
      ctx.body = { data: await service().rotate(id(ctx), bodyOf(ctx)) };
    }),
    revoke: answer(async (ctx) => {
      ctx.body = { data: await service().revoke(id(ctx), bodyOf(ctx)) };
    }),
  };
}

export function keys({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).producerKeys;
  return {
    find: answer(async (ctx) => {
      ctx.body = whole(await service().list());
    }),
    rotate: answer(async (ctx) => {
      ctx.body = { data: await service().rotate(bodyOf(ctx)) };
    }),
    revoke: answer(async (ctx) => {
      ctx.body = { data: await service().revoke(bodyOf(ctx)) };
    }),
  };
}

export function keySet({ strapi }: Deps) {
  return {
    find: answer(async (ctx) => {
      const text = JSON.stringify(await pipelineOf(strapi).producerKeys.keySet());
      answerCacheable(ctx, {
        text,
        type: 'application/json; charset=utf-8',
        maxAgeSeconds: KEY_SET_MAX_AGE_SECONDS,
      });
    }),
  };
}

export function clientCertificates({ strapi }: Deps) {
  return keptResource(() => pipelineOf(strapi).clientCertificates);
}
