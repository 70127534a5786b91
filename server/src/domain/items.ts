import type { EventScope } from './scope';

/** For whom each entry of a payload's list counts, in the list's order. */
export interface ItemScopes {
  /** Name of the payload's list. */
  list: string;
  /** Null where nothing is said of an entry: it passes every filter. */
  scopes: readonly (EventScope | null)[];
}

/** Whether a reader may have what counts for a scope; null says nothing of it. */
export type InScope = (scope: EventScope | null) => boolean;

/** Whether a reader may have any of the entries. */
export function hasItemInScope(items: ItemScopes, inScope: InScope): boolean {
  return items.scopes.some(inScope);
}

/**
 * A payload with those entries of its list alone that a reader may have, in their order; null where none is left. What is
 * not known to be in scope is left out: an entry beyond the known ones, a list that is none.
 */
export function onlyItemsInScope<Payload extends object>(
  payload: Payload,
  items: ItemScopes,
  inScope: InScope,
): Payload | null {
  const list = (payload as Record<string, unknown>)[items.list];
  const kept = Array.isArray(list)
    ? list.filter((_, index) => {
        const scope = items.scopes[index];
        return scope !== undefined && inScope(scope);
      })
    : [];
  return kept.length === 0 ? null : { ...payload, [items.list]: kept };
}
