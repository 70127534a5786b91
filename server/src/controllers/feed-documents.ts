import type { Context } from 'koa';
import { CONTENT_TYPES } from '../flow/feed/documents/feed-document';
import type { DocumentFormat } from '../flow/feed/documents/feed-document';
import { pipelineOf } from '../services';
import { readerOf } from '../services/feeds/reader';
import { queryTokenOf } from '../services/partners/given-token';
import { answer, parameter, type Deps } from './answer';
import { answerFeed } from './feeds';

/** Pages for feed readers. */
function documentsAs(format: DocumentFormat) {
  return ({ strapi }: Deps) => ({
    find: answer(async (ctx: Context) => {
      const { documents } = pipelineOf(strapi).feedReading;
      const request = { format, query: ctx.query, token: queryTokenOf(ctx) };
      const page = await documents.page(readerOf(ctx), parameter(ctx, 'slug'), request);
      await answerFeed(ctx, page, CONTENT_TYPES[format]);
    }),
  });
}

export const feedRss = documentsAs('rss');
export const feedAtom = documentsAs('atom');
export const feedJson = documentsAs('json');
