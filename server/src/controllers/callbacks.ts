import type { Context } from 'koa';
import { pipelineOf } from '../services';
import { bytesOf, jsonOf } from '../services/callbacks/body';
import { callerOf } from '../services/partners/caller';
import { answer, type Deps } from './answer';

export function callbacks({ strapi }: Deps) {
  return {
    create: answer(async (ctx: Context) => {
      const caller = callerOf(ctx);
      if (!caller) throw new Error('The route for callbacks lets in none but partners');
      const body = jsonOf(bytesOf(ctx));
      const key = ctx.get('X-Idempotency-Key').trim();
      ctx.body = { data: await pipelineOf(strapi).callbacks.receive(caller, { key, body }) };
      ctx.status = 202;
    }),
  };
}

export function consumption({ strapi }: Deps) {
  return {
    find: answer(async (ctx) => {
      ctx.body = await pipelineOf(strapi).consumption.list(ctx.query);
    }),
  };
}
