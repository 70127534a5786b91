import { z } from 'zod';
import type { DocumentState } from '../../../server/src/domain/change';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type {
  ChangeContext,
  EventDefinition,
  Populate,
} from '../../../server/src/domain/definition';
import { defineEvent } from '../../define-event';
import { assignmentItem } from './feed-items';
import type { AssignmentMapping, PersonMapping } from './mapping';
import { startBeforeEnd } from '../../rules';
import { scopeByPerson } from './territories';
import { isPublished, Paths, type Reader } from '../paths';
import { textIn } from '../values';

const facts = {
  executive_id: z.string().nullable(),
  name: z.string().nullable(),
  show_id: z.string().nullable(),
  show: z.string().nullable().describe('title of the show; null where it is not published'),
  slug: z.string().nullable(),
  role: z.string().nullable(),
  start_date: z.string().nullable(),
  end_date: z.string().nullable(),
};

const payload = z.strictObject({
  assignment_id: z.string(),
  change: z.enum(['created', 'changed', 'removed']),
  ...facts,
  previous: z
    .strictObject(facts)
    .nullable()
    .describe('what it was before; null for a new assignment'),
});

/** Who does what on which show, and from when to when. */
export type Assignment = z.output<z.ZodObject<typeof facts>>;

const EXAMPLE: Assignment = {
  executive_id: 'e5f6g7h8i9j0k1l2m3n4o5p6',
  name: 'Callum Reid',
  show_id: 's1h2o3w4',
  show: 'Harbour Lights',
  slug: 'harbour-lights',
  role: 'show_lead',
  start_date: '2026-02-01',
  end_date: null,
};

/**
 * `role_assignment.changed`.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function roleAssignmentEvents(
  schema: ContentSchema,
  mapping: AssignmentMapping,
  person: PersonMapping,
): EventDefinition[] {
  const option = 'executives preset, assignments';
  const { populate, read, personOf } = assignmentReader(schema, option, { mapping, person });
  return [
    defineEvent({
      type: 'role_assignment.changed',
      version: '1.0.0',
      summary:
        'Who does what on which show, or from when to when, was assigned, changed or removed.',
      audience: 'partner',
      source: { uid: mapping.uid, populate },
      payload,
      rules: [startBeforeEnd('')],
      personal: ['name', 'previous.name'],
      examples: [
        { assignment_id: 'a1s2', change: 'created', ...EXAMPLE, previous: null },
        {
          assignment_id: 'a1s2',
          change: 'changed',
          ...EXAMPLE,
          end_date: '2026-12-31',
          previous: EXAMPLE,
        },
      ],
      changelog: [{ version: '1.0.0', changes: ['First version.'] }],
      feedItem: (event) => assignmentItem(event.payload),
      when: ({ before, after }) => !sameAssignment(read(before), read(after)),
      build: ({ documentId, before, after }: ChangeContext): z.input<typeof payload> => ({
        assignment_id: documentId,
        change: before === null ? 'created' : after === null ? 'removed' : 'changed',
        ...(read(after) ?? read(before) ?? NOTHING),
        previous: read(before),
      }),
      ...scopeByPerson(person, ({ before, after }) => personOf(after ?? before)),
    }),
  ];
}

const NOTHING: Assignment = {
  executive_id: null,
  name: null,
  show_id: null,
  show: null,
  slug: null,
  role: null,
  start_date: null,
  end_date: null,
};

/** What person and show are called is not the assignment's. */
function sameAssignment(one: Assignment | null, other: Assignment | null): boolean {
  const owned = (assignment: Assignment | null) =>
    JSON.stringify(assignment && { ...assignment, name: null, show: null, slug: null });
  return owned(one) === owned(other);
}

/** @throws Error naming the option that does not fit the content types. */
export function assignmentReader(
  schema: ContentSchema,
  option: string,
  { mapping, person }: { mapping: AssignmentMapping; person: PersonMapping },
): {
  populate: Populate;
  read: Reader<Assignment | null>;
  personOf: Reader<DocumentState | null>;
} {
  const paths = new Paths(schema, `${option}.uid`, mapping.uid);
  const people = paths.related(`${option}.person`, mapping.person);
  const shows = paths.related(`${option}.show`, mapping.show);
  const role = paths.text(`${option}.role`, mapping.role);
  const startDate = paths.text(`${option}.startDate`, mapping.startDate);
  const endDate = paths.text(`${option}.endDate`, mapping.endDate);
  if (people && people.uid !== person.uid) {
    throw new Error(`${option}.person: "${mapping.person}" leads to ${people.uid}, not to people`);
  }
  checkShow(schema, shows?.uid ?? '', { option, fields: mapping.fields });
  const personOf = (state: DocumentState | null) => people?.read(state)[0] ?? null;
  return {
    populate: paths.populate,
    personOf,
    read(state) {
      if (state === null) return null;
      const executive = personOf(state);
      const [show] = shows?.read(state) ?? [];
      return {
        executive_id: textIn(executive?.['documentId']),
        name: executive && isPublished(executive) ? textIn(executive[person.fields.name]) : null,
        ...describeShow(show ?? null, mapping.fields),
        role: role(state),
        start_date: startDate(state),
        end_date: endDate(state),
      };
    },
  };
}

/** @throws Error naming the option that the show's content type has no attribute for. */
export function checkShow(
  schema: ContentSchema,
  uid: string,
  { option, fields }: { option: string; fields: AssignmentMapping['fields'] },
): void {
  const paths = new Paths(schema, option, uid);
  paths.text(`${option}.fields.title`, fields.title);
  paths.text(`${option}.fields.slug`, fields.slug);
}

/** A show as the payloads have it: a draft's texts are not for outside. */
export function describeShow(
  show: DocumentState | null,
  fields: AssignmentMapping['fields'],
): Pick<Assignment, 'show_id' | 'show' | 'slug'> {
  const texts = show && isPublished(show) ? show : null;
  return {
    show_id: textIn(show?.['documentId']),
    show: textIn(texts?.[fields.title]),
    slug: textIn(texts?.[fields.slug ?? '']),
  };
}
