import { z } from 'zod';
import { attribute, endDate, path, uid, words } from '../checked-mapping';

/** Territories of the words that an editor uses: `{ DACH: ['DE', 'AT', 'CH'], Global: null }`; null is everywhere. */
const regions = z.record(z.string(), z.array(z.string()).max(300).nullable());

const personMapping = z.strictObject({
  /** Content type of people. */
  uid,
  fields: z.strictObject({
    name: attribute,
    /** The job title, e.g. "VP, Scripted". */
    title: path,
    /** What the person is, e.g. an enumeration with the value `commissioner`. */
    role: path.optional(),
    /** Regions or genres the person answers for: a JSON list of words, or text with commas. */
    scope: path.optional(),
    effectiveDate: path.optional(),
    profileUrl: path.optional(),
    contractsUrl: path.optional(),
    /** Whether the person may sign contracts. */
    signingAuthority: path.optional(),
    /** Up to what sum the person may commit money. */
    budgetLimit: path.optional(),
  }),
  /** Values of `fields.role` that make a person a commissioner. Left out: everybody is one. */
  commissionerRoles: words.optional(),
  /** Titles from the lowest to the highest; where one of two titles is not in it, the role decides: see `promoted`. */
  titleRanking: words.optional(),
  /** `relation.attribute` that names the shows a move affects, e.g. `commissioned_shows.slug`. */
  shows: path.optional(),
  /**
   * For which territories the events of a person count: an attribute with ISO 3166-1 alpha-2 codes, or with words for regions.
   * Left out: the events say nothing of territories.
   */
  territories: z.strictObject({ field: attribute, regions: regions.optional() }).optional(),
});

const show = z.strictObject({ title: attribute, slug: attribute.optional() });

/** A content type that relates a person to a show. */
const assignmentMapping = z.strictObject({
  uid,
  /** To-one relation to the person. */
  person: path,
  /** To-one relation to the show. */
  show: path,
  /** What the person does on the show. */
  role: path,
  startDate: path.optional(),
  endDate: path.optional(),
  /** Attributes of the show. */
  fields: show,
});

const showLeadMapping = z.union([
  z.strictObject({
    /** Content type of the show, which has a to-one relation to the person. */
    uid,
    relation: path,
    fields: show,
  }),
  assignmentMapping.extend({
    /** Values of `role` that mean leading the show. */
    leadRoles: words,
    /** Whether an assignment lasts through its last day, or ends when that begins. Default `inclusive`. */
    lastDay: endDate,
  }),
]);

/** A content type of the roles, or positions, that executives hold. */
const roleMapping = z.strictObject({
  uid,
  fields: z.strictObject({
    name: path,
    scope: path.optional(),
    effectiveDate: path.optional(),
  }),
  /** Relation to the person who holds it. */
  holder: path.optional(),
});

const rolesMapping = z.union([roleMapping, z.strictObject({ ofPerson: words })]);

export const executivesMapping = z.strictObject({
  person: personMapping,
  /** Where it is kept who leads a show: a relation on the show, or assignments with dates. May be left out. */
  showLead: showLeadMapping.optional(),
  /** Content type of role assignments, for `role_assignment.changed`. May be left out. */
  assignments: assignmentMapping.optional(),
  /**
   * Where executive roles are kept: a content type, or (default) `person.fields.role`, of which the values listed here count;
   * without a list all but an empty one do.
   */
  roles: rolesMapping.optional(),
});

export type PersonMapping = z.output<typeof personMapping>;
export type ShowLeadMapping = z.output<typeof showLeadMapping>;
export type AssignmentMapping = z.output<typeof assignmentMapping>;
export type RoleMapping = z.output<typeof roleMapping>;
export type RolesMapping = z.output<typeof rolesMapping>;
/** How the executives preset finds people, their roles and their shows in the user's own content types. */
export type ExecutivesMapping = z.input<typeof executivesMapping>;
