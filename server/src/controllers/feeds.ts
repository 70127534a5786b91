import type { Context } from 'koa';
import { pipelineOf } from '../services';
import type { OnGone } from '../services/feeds/held-open';
import type { FeedAnswer } from '../services/feeds/pages';
import { readerOf } from '../services/feeds/reader';
import { answer, bodyOf, parameter, type Deps } from './answer';
import { answerCompressed } from './compressed';
import { entityTag, matchesTag } from './entity-tag';

const JSON_TYPE = 'application/json; charset=utf-8';

const id = (ctx: Context) => parameter(ctx, 'id');
const slug = (ctx: Context) => parameter(ctx, 'slug');

/** The settings of feeds, for those who keep them. */
export function feeds({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).feeds;
  return {
    find: answer(async (ctx) => {
      ctx.body = await service().list(ctx.query);
    }),
    findOne: answer(async (ctx) => {
      ctx.body = { data: await service().find(id(ctx)) };
    }),
    create: answer(async (ctx) => {
      ctx.body = { data: await service().create(bodyOf(ctx)) };
      ctx.status = 201;
    }),
    update: answer(async (ctx) => {
      ctx.body = { data: await service().update(id(ctx), bodyOf(ctx)) };
    }),
    delete: answer(async (ctx) => {
      await service().remove(id(ctx));
      ctx.status = 204;
    }),
    readers: answer(async (ctx) => {
      ctx.body = await service().readers(id(ctx));
    }),
  };
}

/** The feeds that a token may read. */
export function feedList({ strapi }: Deps) {
  return {
    find: answer(async (ctx) => {
      const { listed } = pipelineOf(strapi).feedReading;
      const data = await listed.list(readerOf(ctx), ctx.query);
      const text = JSON.stringify({ data, meta: { after: null, has_more: false } });
      await answerFeed(ctx, {
        tag: entityTag(text),
        unchanged: () => undefined,
        write: () => Promise.resolve({ text, lastModified: null, failed: false }),
      });
    }),
  };
}

export function feedEvents({ strapi }: Deps) {
  return {
    find: answer(async (ctx) => {
      const { pages } = pipelineOf(strapi).feedReading;
      const request = { query: ctx.query, onGone: onGone(ctx) };
      await answerFeed(ctx, await pages.page(readerOf(ctx), slug(ctx), request));
    }),
  };
}

/** Answers 304 where the reader has the answer already, without making it. */
async function answerFeed(ctx: Context, { tag, write, unchanged }: FeedAnswer): Promise<void> {
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.vary('Authorization');
  if (matchesTag(ctx.get('If-None-Match'), tag.replace(/^W\//, ''))) {
    unchanged();
    ctx.vary('Accept-Encoding');
    ctx.set('ETag', tag);
    ctx.status = 304;
    return;
  }
  const { text, lastModified, failed } = await write();
  if (!failed) ctx.set('ETag', tag);
  if (lastModified !== null) ctx.lastModified = lastModified;
  await answerCompressed(ctx, { text, type: JSON_TYPE });
}

/** A connection that is closed before the answer was sent. */
function onGone(ctx: Context): OnGone {
  return (gone) => {
    ctx.res.once('close', gone);
    if (ctx.res.destroyed) gone();
    return () => ctx.res.off('close', gone);
  };
}
