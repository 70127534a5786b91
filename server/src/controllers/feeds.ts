import type { Context } from 'koa';
import { pipelineOf } from '../services';
import type { OnClose } from '../services/feeds/held-open';
import type { FeedAnswer } from '../services/feeds/pages';
import { readerOf } from '../services/feeds/reader';
import { answer, parameter, type Deps } from './answer';
import { changedResource } from './kept-resource';
import { answerCompressed } from './compressed';
import { entityTag, matchesTag } from './entity-tag';

const JSON_TYPE = 'application/json; charset=utf-8';

const id = (ctx: Context) => parameter(ctx, 'id');
const slug = (ctx: Context) => parameter(ctx, 'slug');

/** The settings of feeds, for those who keep them. */
export function feeds({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).feeds;
  return {
    ...changedResource(strapi, service),
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
      const request = { query: ctx.query, onClose: onClose(ctx) };
      await answerFeed(ctx, await pages.page(readerOf(ctx), slug(ctx), request));
    }),
  };
}

export function feedStream({ strapi }: Deps) {
  return {
    find: answer(async (ctx) => {
      const { streams } = pipelineOf(strapi).feedReading;
      const stream = await streams.stream(readerOf(ctx), slug(ctx), {
        query: ctx.query,
        lastEventId: ctx.get('Last-Event-ID'),
        onClose: onClose(ctx),
      });
      ctx.status = 200;
      ctx.set('Content-Type', 'text/event-stream; charset=utf-8');
      // A proxy that gathers or compresses what goes by would hold events back.
      ctx.set('Cache-Control', 'private, no-cache, no-transform');
      ctx.set('X-Accel-Buffering', 'no');
      ctx.body = stream;
      if (ctx.method === 'HEAD') stream.destroy();
    }),
  };
}

export function feedRecords({ strapi }: Deps) {
  const service = () => pipelineOf(strapi).feedReading.records;
  return {
    find: answer(async (ctx) => {
      await answerFeed(ctx, await service().list(readerOf(ctx), slug(ctx), ctx.query));
    }),
    findOne: answer(async (ctx) => {
      const asked = { subjectId: parameter(ctx, 'subject_id'), query: ctx.query };
      await answerFeed(ctx, await service().find(readerOf(ctx), slug(ctx), asked));
    }),
  };
}

/** Answers 304 where the reader has the answer already, without making it. */
export async function answerFeed(
  ctx: Context,
  { tag, write, unchanged }: FeedAnswer,
  type = JSON_TYPE,
): Promise<void> {
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
  await answerCompressed(ctx, { text, type });
}

function onClose({ res }: Context): OnClose {
  return (closed) => {
    if (res.closed) closed();
    else res.once('close', closed);
  };
}
