import type { Context } from 'koa';
import { entityTag, matchesTag } from './entity-tag';

/** Answers with a text that others may keep for a while, or with 304 where they have it already. */
export function answerCacheable(
  ctx: Context,
  answer: { text: string; type: string; maxAgeSeconds: number },
): void {
  const tag = entityTag(answer.text);
  ctx.set('Cache-Control', `public, max-age=${answer.maxAgeSeconds}`);
  ctx.set('ETag', tag);
  if (matchesTag(ctx.get('If-None-Match'), tag)) {
    ctx.status = 304;
    return;
  }
  ctx.set('Content-Type', answer.type);
  ctx.body = answer.text;
}
