import type { ChangeContext } from './definition';

/** The change that an invalid event came from, as JSON: from it the event can be made again. */
export type ChangeOrigin = Omit<ChangeContext, 'now' | 'actor'>;

/**
 * What is kept of a change whose event is invalid.
 *
 * @returns JSON text; null where it would be larger than an event may be, or is no JSON: then the event cannot be made
 *   again, and says so.
 */
export function originOf(
  { now: _, actor: __, ...origin }: ChangeContext,
  { maxEventBytes }: { maxEventBytes: number },
): string | null {
  try {
    const text = JSON.stringify(origin satisfies ChangeOrigin);
    return Buffer.byteLength(text) <= 2 * maxEventBytes ? text : null;
  } catch {
    return null;
  }
}
