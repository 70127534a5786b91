import type { Context } from 'koa';
import { pipelineOf } from '../services';
import { answer, parameter, type Deps } from './answer';
import { answerCacheable } from './cacheable';

/** How long others may keep a schema without asking; a new version shows after that at the latest. */
const MAX_AGE_SECONDS = 300;

const JSON_SCHEMA = 'application/schema+json; charset=utf-8';
export const ASYNC_API = 'application/vnd.aai.asyncapi+json;version=3.0.0';
const PLAIN_JSON = 'application/json; charset=utf-8';

const whole = <T>(data: T[]) => ({ data, meta: { after: null, has_more: false } });

function cacheable(ctx: Context, type: string, value: object | string): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  answerCacheable(ctx, { text, type, maxAgeSeconds: MAX_AGE_SECONDS });
}

const typeOf = (ctx: Context) => parameter(ctx, 'event_type');

/** What anybody may know of the events: definitions with an audience outside alone. */
export function schemas({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).schemas;
  return {
    find: answer(async (ctx) => {
      cacheable(ctx, PLAIN_JSON, whole(await service().published()));
    }),
    findOne: answer(async (ctx) => {
      const schema = await service().schema(typeOf(ctx), parameter(ctx, 'version'), 'anybody');
      cacheable(ctx, JSON_SCHEMA, schema);
    }),
    changelog: answer(async (ctx) => {
      cacheable(ctx, PLAIN_JSON, whole(await service().changelog(typeOf(ctx), 'anybody')));
    }),
    asyncApi: answer(async (ctx) => {
      cacheable(ctx, ASYNC_API, service().asyncApi());
      await Promise.resolve();
    }),
  };
}

/** Every definition, whatever its audience. */
export function catalogue({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).schemas;
  return {
    find: answer(async (ctx) => {
      ctx.body = whole(await service().catalogue());
    }),
    findType: answer(async (ctx) => {
      ctx.body = { data: await pipelineOf(strapi).describeEventType(typeOf(ctx)) };
    }),
    findOne: answer(async (ctx) => {
      const schema = await service().schema(typeOf(ctx), parameter(ctx, 'version'), 'admin');
      ctx.set('Content-Type', JSON_SCHEMA);
      ctx.body = JSON.stringify(schema);
    }),
  };
}
