import type { EventScope } from '../../../server/src/domain/scope';
import { TYPES, type Audience, type Given, type Scope } from './newsdesk';

/** A partner as the test made it. */
export interface Rights extends Scope {
  clearance: Audience;
}

/** A feed as the test made it. */
export interface Wants {
  event_types: string[];
  scope: Scope;
  locales: string[];
}

const RANK = { public: 0, partner: 1, internal: 2 };

/** Whether a partner is to see an event in a feed: the plain words of the contract, one after the other. */
export function isVisible(event: Given, rights: Rights, wants: Wants): boolean {
  if (event.approved === false) return false;
  const type = TYPES[event.type];
  if (!type || RANK[type.audience] > RANK[rights.clearance]) return false;
  if (!wants.event_types.includes('*') && !wants.event_types.includes(event.type)) return false;
  if (wants.locales.length > 0 && event.locale !== null && !wants.locales.includes(event.locale)) {
    return false;
  }
  const both = (scope: EventScope | null) => isIn(scope, rights) && isIn(scope, wants.scope);
  return both(event.scope) && (event.items === null || event.items.some(both));
}

/** The items of an event that the partner is to see, by their place. */
export function visibleItems(event: Given, rights: Rights, wants: Wants): number[] {
  return (event.items ?? []).flatMap((scope, index) =>
    isIn(scope, rights) && isIn(scope, wants.scope) ? [index] : [],
  );
}

function isIn(scope: EventScope | null, allowed: Scope): boolean {
  if (scope === null) return true;
  for (const name of ['territories', 'genres', 'content_types'] as const) {
    const said = scope[name];
    if (allowed[name].length === 0 || said === null) continue;
    if (!said.some((word) => allowed[name].includes(word))) return false;
  }
  return true;
}
