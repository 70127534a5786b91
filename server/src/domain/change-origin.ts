import type { DocumentState } from './change';
import { secretAttributes } from './content-type';
import type { Attributes } from './content-type';
import type { ChangeContext } from './definition';

/** The change that an invalid event came from: from it the event can be made again. */
export type ChangeOrigin = Omit<ChangeContext, 'now' | 'actor'>;

/**
 * What is kept of a change whose event is invalid: without secrets.
 *
 * @returns JSON text; null where it has more than `maxBytes`, or is no JSON: then the event cannot be made again.
 */
export function originOf(
  change: ChangeContext,
  { attributes, maxBytes }: { attributes: Attributes; maxBytes: number },
): string | null {
  const { now: _, actor: __, ...origin } = change;
  const secrets = new Set(secretAttributes(attributes));
  const open = (state: DocumentState | null) =>
    state && Object.fromEntries(Object.entries(state).filter(([name]) => !secrets.has(name)));
  try {
    const kept: ChangeOrigin = {
      ...origin,
      before: open(change.before),
      after: open(change.after),
    };
    const text = JSON.stringify(kept);
    return Buffer.byteLength(text) <= maxBytes ? text : null;
  } catch {
    return null;
  }
}
