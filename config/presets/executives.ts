import type { ContentSchema } from '../../server/src/domain/content-type';
import type { EventDefinition, Preset } from '../../server/src/domain/definition';
import { commissionerEvents, type PersonMapping } from './executives-commissioner';
import { showLeadEvents, type ShowLeadMapping } from './executives-show-lead';

/** How the executives preset finds people and their shows in the user's own content types. */
export interface ExecutivesMapping {
  person: PersonMapping;
  /** Where it is kept who leads a show: a relation on the show, or assignments. May be left out. */
  showLead?: ShowLeadMapping;
}

/**
 * Events of commissioning and executive moves: `executive.commissioner.created`, `.updated`, `.promoted`,
 * `executive.show_lead.assigned`, `.unassigned`.
 */
export function executives(mapping: ExecutivesMapping): Preset {
  return {
    name: 'executives',
    define(schema: ContentSchema): EventDefinition[] {
      return [
        ...commissionerEvents(schema, mapping.person),
        ...(mapping.showLead ? showLeadEvents(schema, mapping.showLead, mapping.person) : []),
      ];
    },
  };
}
