import type { Audience } from './definition';
import { hasItemInScope } from './items';
import type { InScope, ItemScopes } from './items';
import { treatmentFor } from './personal-data';
import type { Clearance, Treat } from './personal-data';
import { compileScope } from './scope';
import type { EventScope, ScopeFilter } from './scope';

/** What of a partner decides what it may have. */
export interface PartnerRights extends ScopeFilter {
  clearance: Clearance;
}

/** What the catalogue says of an event type. */
export interface TypeRights {
  audience: Audience;
  /** Paths into the payload. */
  personal: readonly string[];
}

/** What a partner may have, prepared once. Whatever a subscription or a feed asks for, it gets no more than this. */
export interface PartnerRule {
  /** By audience. A type that the catalogue does not know is for nobody outside. */
  mayHave(eventType: string): boolean;
  /** By territories, genres and content types, of an event or of one of its items; what another partner has told is in none. */
  inScope: InScope;
  /** Null where personal data may stay as it is. */
  treat: Treat | null;
  /** Where a type's payload has personal data. */
  personalOf(eventType: string): readonly string[];
  /** Equal for rules that allow the same, of the same partner. */
  key: string;
}

/** Whether a partner may have an event at all; of one with items, whether it may have one of them. */
export function mayHaveEvent(
  rule: PartnerRule,
  event: { eventType: string; scope: EventScope | null; items: ItemScopes | null },
): boolean {
  return (
    rule.mayHave(event.eventType) &&
    rule.inScope(event.scope) &&
    (event.items === null || hasItemInScope(event.items, rule.inScope))
  );
}

const RANK: Record<Audience | Clearance, number> = { public: 0, partner: 1, internal: 2 };

/** @param pseudonymKey the partner's own. */
export function compilePartnerRule(
  partner: { id: string; rights: PartnerRights; pseudonymKey: Buffer },
  rightsOf: (eventType: string) => TypeRights | undefined,
): PartnerRule {
  const { clearance, territories, genres, content_types } = partner.rights;
  const inScope = compileScope({ territories, genres, content_types });
  return {
    mayHave: (eventType) => {
      const type = rightsOf(eventType);
      return type !== undefined && RANK[type.audience] <= RANK[clearance];
    },
    inScope: (scope) =>
      (scope?.partner === undefined || scope.partner === partner.id) && inScope(scope),
    treat: treatmentFor(clearance, partner.pseudonymKey),
    personalOf: (eventType) => rightsOf(eventType)?.personal ?? [],
    key: JSON.stringify([partner.id, clearance, territories, genres, content_types]),
  };
}

/** Of a partner that is not there, or whose key cannot be read: nothing at all. */
export const NOTHING_ALLOWED: PartnerRule = {
  mayHave: () => false,
  inScope: () => false,
  treat: () => undefined,
  personalOf: () => [],
  key: 'nothing',
};
