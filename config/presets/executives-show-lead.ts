import { z } from 'zod';
import type { DocumentState } from '../../server/src/domain/change';
import type { ContentSchema } from '../../server/src/domain/content-type';
import type { ChangeContext, EventDefinition } from '../../server/src/domain/definition';
import { defineEvent } from '../define-event';
import type { PersonMapping } from './executives-commissioner';
import { asRows, attributeOf, contentTypeOf, textOf } from './mapping';

/** Where it is kept who leads a show. */
export type ShowLeadMapping =
  | {
      /** Content type of the show, which has a to-one relation to the person. */
      uid: string;
      relation: string;
      fields: { title: string; slug?: string };
    }
  | {
      /** Content type of an assignment, which relates a person to a show. */
      uid: string;
      person: string;
      show: string;
      role: string;
      /** Values of `role` that mean leading the show. */
      leadRoles: string[];
      fields: { title: string; slug?: string };
    };

const payload = z.strictObject({
  show_id: z.string(),
  show: z.string(),
  slug: z.string().nullable(),
  executive_id: z.string(),
  name: z.string(),
  /** The person before (on assigned) or after (on unassigned), null where there is none. */
  other_executive_id: z.string().nullable(),
});

interface Lead {
  show: DocumentState;
  showId: string;
  person: DocumentState;
}

/**
 * `executive.show_lead.assigned` and `.unassigned`; both, when one lead replaces another.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function showLeadEvents(
  schema: ContentSchema,
  mapping: ShowLeadMapping,
  person: PersonMapping,
): EventDefinition[] {
  checkMapping(schema, mapping);
  const populate =
    'relation' in mapping
      ? { [mapping.relation]: true }
      : { [mapping.person]: true, [mapping.show]: true };
  const leadIn = (change: ChangeContext, state: DocumentState | null) =>
    state && leadOf(mapping, change.documentId, state);
  const describe = (lead: Lead | null, other: Lead | null): z.input<typeof payload> => ({
    show_id: lead?.showId ?? '',
    show: textOf(lead?.show ?? null, mapping.fields.title) ?? '',
    slug: textOf(lead?.show ?? null, mapping.fields.slug),
    executive_id: idOf(lead) ?? '',
    name: textOf(lead?.person ?? null, person.fields.name) ?? '',
    other_executive_id: lead?.showId === other?.showId ? idOf(other) : null,
  });
  const define = (
    type: string,
    summary: string,
    pick: (change: ChangeContext) => [lead: Lead | null, other: Lead | null],
  ): EventDefinition =>
    defineEvent({
      type: `executive.show_lead.${type}`,
      version: '1.0.0',
      summary,
      audience: 'partner',
      source: { uid: mapping.uid, populate },
      payload,
      when(change) {
        const [lead, other] = pick(change);
        return lead !== null && (idOf(lead) !== idOf(other) || lead.showId !== other?.showId);
      },
      build: (change) => describe(...pick(change)),
    });
  return [
    define('unassigned', 'A person no longer leads a show.', (change) => [
      leadIn(change, change.before),
      leadIn(change, change.after),
    ]),
    define('assigned', 'A person leads a show from now on.', (change) => [
      leadIn(change, change.after),
      leadIn(change, change.before),
    ]),
  ];
}

function idOf(lead: Lead | null): string | null {
  return lead ? String(lead.person['documentId']) : null;
}

function leadOf(mapping: ShowLeadMapping, documentId: string, state: DocumentState): Lead | null {
  if ('relation' in mapping) {
    const [person] = asRows(state[mapping.relation]);
    return person ? { show: state, showId: documentId, person } : null;
  }
  const [person] = asRows(state[mapping.person]);
  const [show] = asRows(state[mapping.show]);
  if (!person || !show || !mapping.leadRoles.includes(textOf(state, mapping.role) ?? '')) {
    return null;
  }
  return { show, showId: String(show['documentId']), person };
}

function checkMapping(schema: ContentSchema, mapping: ShowLeadMapping): void {
  const option = 'executives preset, showLead';
  const contentType = contentTypeOf(schema, `${option}.uid`, mapping.uid);
  const named =
    'relation' in mapping
      ? { relation: mapping.relation }
      : { person: mapping.person, show: mapping.show, role: mapping.role };
  for (const [key, attribute] of Object.entries(named)) {
    attributeOf(contentType, `${option}.${key}`, attribute);
  }
}
