import { createHash } from 'node:crypto';

/** A strong entity tag of an answer's text (RFC 9110 §8.8.3). */
export function entityTag(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
}

/**
 * Whether `If-None-Match` names the tag (RFC 9110 §13.1.2). Not Koa's `ctx.fresh`, which answers in full to a request with
 * `Cache-Control: no-cache`: fetch sends that along with every If-None-Match, though it is about caches on the way.
 */
export function matchesTag(ifNoneMatch: string, tag: string): boolean {
  return ifNoneMatch
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one === tag);
}
