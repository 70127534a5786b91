import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { EventDefinition, Preset } from '../../../server/src/domain/definition';
import { checkedMapping } from '../checked-mapping';
import { roleAssignmentEvents } from './assignment';
import { commissionerEvents } from './commissioner';
import { executivesMapping, type ExecutivesMapping } from './mapping';
import { roleEvents } from './role';
import { showLeadEvents } from './show-lead';
import { signatoryEvents } from './signatory';

export type { ExecutivesMapping } from './mapping';

/**
 * Events of commissioning and executive moves.
 *
 * | type | made when |
 * | --- | --- |
 * | `executive.commissioner.created` | a person becomes a commissioner, by a new record or by a change of role |
 * | `executive.commissioner.promoted` | the title rises by the ranking; where the ranking does not have both titles, it changes while the role stays |
 * | `executive.commissioner.updated` | anything else about a commissioner changes |
 * | `executive.show_lead.assigned`, `.unassigned` | a person leads a show from now on, or no longer; both, when one replaces another |
 * | `executive_role.created`, `.updated` | a role comes into being, or changes or ends: an entry of a content type of roles, or else the role that a person's record names |
 * | `role_assignment.changed` | an assignment is made, changed or removed |
 * | `contract.signatory_changed` | a person's signing authority or budget limit changes, appears or goes; delivered before other events |
 */
export function executives(mapping: ExecutivesMapping): Preset {
  return {
    name: 'executives',
    options: mapping,
    define(schema: ContentSchema): EventDefinition[] {
      const checked = checkedMapping('executives', executivesMapping, mapping);
      const { person, showLead, assignments, roles } = checked;
      return [
        ...commissionerEvents(schema, person),
        ...(showLead ? showLeadEvents(schema, showLead, person) : []),
        ...roleEvents(schema, roles, person),
        ...(assignments ? roleAssignmentEvents(schema, assignments, person) : []),
        ...signatoryEvents(schema, person),
      ];
    },
  };
}
