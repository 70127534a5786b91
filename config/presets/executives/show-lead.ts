import { z } from 'zod';
import type { DocumentState } from '../../../server/src/domain/change';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type {
  ChangeContext,
  EventDefinition,
  Populate,
} from '../../../server/src/domain/definition';
import { defineEvent } from '../../define-event';
import { endInstantOf, instantOf } from '../../instants';
import { assignmentReader, checkShow, describeShow } from './assignment';
import type { PersonMapping, ShowLeadMapping } from './mapping';
import { showLeadItem } from './feed-items';
import { scopeByPerson } from './territories';
import { isPublished, Paths } from '../paths';
import { textIn } from '../values';

const payload = z.strictObject({
  show_id: z.string(),
  show: z.string().nullable().describe('title of the show; null where it is not published'),
  slug: z.string().nullable(),
  executive_id: z.string(),
  name: z.string().nullable(),
  effective_date: z
    .string()
    .nullable()
    .describe("the assignment's first day (assigned) or last day (unassigned); null by a relation"),
  other_executive_id: z
    .string()
    .nullable()
    .describe('who led the show before (assigned) or leads it now (unassigned), if anybody'),
});

/** Who leads a show, and from when to when; null is: without end. */
interface Lead {
  showId: string;
  show: string | null;
  slug: string | null;
  executiveId: string;
  person: DocumentState;
  startDate: string | null;
  endDate: string | null;
  from: Date | null;
  until: Date | null;
}

interface LeadReader {
  populate: Populate;
  read: (state: DocumentState | null, documentId: string) => Lead | null;
}

const EXAMPLE: z.input<typeof payload> = {
  show_id: 's1h2o3w4',
  show: 'Rivals',
  slug: 'rivals',
  executive_id: 'e5f6g7h8i9j0k1l2m3n4o5p6',
  name: 'Callum Reid',
  effective_date: null,
  other_executive_id: 'h8i9j0k1l2m3n4o5p6q7r8s9',
};

/** Names of the moments at which an assignment makes an event although nobody writes. */
const START = 'assignment_start';
const END = 'assignment_end';

/**
 * `executive.show_lead.unassigned` and `.assigned`; both, when one lead replaces another. By assignments a person leads a show
 * from the assignment's first day on and until its last day is over, in UTC.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function showLeadEvents(
  schema: ContentSchema,
  mapping: ShowLeadMapping,
  person: PersonMapping,
): EventDefinition[] {
  const reader =
    'relation' in mapping
      ? relationReader(schema, mapping, person)
      : datedReader(schema, mapping, person);
  const read = (state: DocumentState | null, { documentId }: ChangeContext) =>
    reader.read(state, documentId);
  const leadAt = (state: DocumentState | null, change: ChangeContext) => {
    const lead = read(state, change);
    return lead && isUnderWay(lead, change.now) ? lead : null;
  };
  const define = (
    type: string,
    summary: string,
    rest: {
      moment: string;
      at: (lead: Lead) => Date | null;
      date: (lead: Lead) => string | null;
      sides: (change: ChangeContext) => [of: DocumentState | null, other: DocumentState | null];
    },
  ): EventDefinition => {
    const leads = (change: ChangeContext): [Lead | null, Lead | null] => {
      const [of, other] = rest.sides(change);
      if (change.action === 'due')
        return [change.moment === rest.moment ? read(of, change) : null, null];
      return [leadAt(of, change), leadAt(other, change)];
    };
    return defineEvent({
      type: `executive.show_lead.${type}`,
      version: '1.0.0',
      summary,
      audience: 'partner',
      source: { uid: mapping.uid, populate: reader.populate },
      payload,
      personal: ['name'],
      examples: [EXAMPLE],
      feedItem: ({ payload: lead }) => showLeadItem(type, lead),
      changelog: [{ version: '1.0.0', changes: ['First version.'] }],
      when(change) {
        const [lead, other] = leads(change);
        return (
          lead !== null && (lead.executiveId !== other?.executiveId || lead.showId !== other.showId)
        );
      },
      build(change): z.input<typeof payload> {
        const [lead, other] = leads(change);
        return {
          show_id: lead?.showId ?? '',
          show: lead?.show ?? null,
          slug: lead?.slug ?? null,
          executive_id: lead?.executiveId ?? '',
          name: lead && isPublished(lead.person) ? textIn(lead.person[person.fields.name]) : null,
          effective_date: lead && rest.date(lead),
          other_executive_id: lead?.showId === other?.showId ? (other?.executiveId ?? null) : null,
        };
      },
      moments(state) {
        const lead = reader.read(state, '');
        return { [rest.moment]: lead && rest.at(lead) };
      },
      ...scopeByPerson(person, (change) => leads(change)[0]?.person ?? null),
    });
  };
  return [
    define('unassigned', 'A person no longer leads a show.', {
      moment: END,
      at: (lead) => lead.until,
      date: (lead) => lead.endDate,
      sides: ({ before, after }) => [before, after],
    }),
    define('assigned', 'A person leads a show from now on.', {
      moment: START,
      at: (lead) => lead.from,
      date: (lead) => lead.startDate,
      sides: ({ before, after }) => [after, before],
    }),
  ];
}

function isUnderWay({ from, until }: Lead, now: Date): boolean {
  return (from === null || from <= now) && (until === null || until > now);
}

function relationReader(
  schema: ContentSchema,
  mapping: Extract<ShowLeadMapping, { relation: string }>,
  person: PersonMapping,
): LeadReader {
  const option = 'executives preset, showLead';
  const paths = new Paths(schema, `${option}.uid`, mapping.uid);
  const people = paths.related(`${option}.relation`, mapping.relation);
  if (people && people.uid !== person.uid) {
    throw new Error(
      `${option}.relation: "${mapping.relation}" leads to ${people.uid}, not to people`,
    );
  }
  checkShow(schema, mapping.uid, { option, fields: mapping.fields });
  return {
    populate: paths.populate,
    read(state, documentId) {
      const executive = people?.read(state)[0];
      if (!executive) return null;
      const { show, slug } = describeShow(state, mapping.fields);
      return {
        showId: documentId,
        show,
        slug,
        executiveId: String(executive['documentId']),
        person: executive,
        startDate: null,
        endDate: null,
        from: null,
        until: null,
      };
    },
  };
}

function datedReader(
  schema: ContentSchema,
  mapping: Exclude<ShowLeadMapping, { relation: string }>,
  person: PersonMapping,
): LeadReader {
  const option = 'executives preset, showLead';
  const { populate, read, personOf } = assignmentReader(schema, option, { mapping, person });
  return {
    populate,
    read(state) {
      const assignment = read(state);
      const executive = personOf(state);
      if (!assignment || !executive || assignment.show_id === null) return null;
      if (!mapping.leadRoles.includes(assignment.role ?? '')) return null;
      return {
        showId: assignment.show_id,
        show: assignment.show,
        slug: assignment.slug,
        executiveId: String(executive['documentId']),
        person: executive,
        startDate: assignment.start_date,
        endDate: assignment.end_date,
        from: instantOf(assignment.start_date),
        until: endInstantOf(assignment.end_date, mapping.lastDay),
      };
    },
  };
}
