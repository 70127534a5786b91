import { z } from 'zod';
import type { DocumentState } from '../../server/src/domain/change';
import type { ContentSchema } from '../../server/src/domain/content-type';
import type { ChangeContext, EventDefinition } from '../../server/src/domain/definition';
import { defineEvent } from '../define-event';
import type { EventInput } from '../event-input';
import { attributeOf, contentTypeOf, pathReader, textOf, wordsOf } from './mapping';

/** Where the executives preset finds a person's data: names of attributes of the person's content type. */
export interface PersonMapping {
  uid: string;
  fields: {
    name: string;
    /** The job title, e.g. "VP, Scripted". */
    title: string;
    /** What the person is, e.g. an enumeration with the value `commissioner`. */
    role?: string;
    /** Regions or genres the person answers for: a JSON list of words, or text with commas. */
    scope?: string;
    effectiveDate?: string;
    profileUrl?: string;
    contractsUrl?: string;
  };
  /** Values of `fields.role` that make a person a commissioner. Left out: everybody is one. */
  commissionerRoles?: string[];
  /** Titles from the lowest to the highest; a title not listed counts as a promotion whenever it changes. */
  titleRanking?: string[];
  /** `relation.attribute` that names the shows a move affects, e.g. `commissioned_shows.slug`. */
  shows?: string;
}

const links = z.strictObject({ profile: z.string().nullable(), contracts: z.string().nullable() });

const person = {
  executive_id: z.string(),
  name: z.string().min(1),
  effective_date: z.string().nullable(),
  scope: z.array(z.string()),
  affected_shows: z.array(z.string()),
  links,
};

const profile = z.strictObject({
  ...person,
  title: z.string().nullable(),
  role: z.string().nullable(),
});

const promotion = z.strictObject({
  ...person,
  previous_title: z.string().nullable(),
  new_title: z.string().min(1),
});

/**
 * The three events of a commissioner.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function commissionerEvents(
  schema: ContentSchema,
  mapping: PersonMapping,
): EventDefinition[] {
  const contentType = contentTypeOf(schema, 'executives preset, person.uid', mapping.uid);
  for (const [field, attribute] of Object.entries(mapping.fields)) {
    attributeOf(contentType, `executives preset, person.fields.${field}`, attribute);
  }
  const shows = mapping.shows
    ? pathReader(schema, contentType, 'executives preset, person.shows', mapping.shows)
    : null;

  const personOf = (documentId: string, state: DocumentState | null) => ({
    executive_id: documentId,
    name: textOf(state, mapping.fields.name) ?? '',
    effective_date: textOf(state, mapping.fields.effectiveDate),
    scope: wordsOf(state, mapping.fields.scope),
    affected_shows: state && shows ? shows.read(state) : [],
    links: {
      profile: textOf(state, mapping.fields.profileUrl),
      contracts: textOf(state, mapping.fields.contractsUrl),
    },
  });
  const profileOf = ({ documentId, after }: ChangeContext): z.input<typeof profile> => ({
    ...personOf(documentId, after),
    title: textOf(after, mapping.fields.title),
    role: textOf(after, mapping.fields.role),
  });
  const source = {
    uid: mapping.uid,
    counts: 'published' as const,
    ...(shows ? { populate: shows.populate } : {}),
  };
  const define = <Payload extends z.ZodType>(
    type: string,
    summary: string,
    rest: Pick<EventInput<Payload>, 'payload' | 'when' | 'build'>,
  ): EventDefinition =>
    defineEvent({
      type: `executive.commissioner.${type}`,
      version: '1.0.0',
      summary,
      audience: 'partner',
      source,
      ...rest,
    });

  return [
    define('created', 'A person has become a commissioner.', {
      payload: profile,
      when: ({ before, after }) =>
        isCommissioner(mapping, after) && !isCommissioner(mapping, before),
      build: profileOf,
    }),
    define('updated', "A commissioner's record changed otherwise than by a promotion.", {
      payload: profile,
      when: (change) =>
        isCommissioner(mapping, change.before) &&
        change.after !== null &&
        change.changed.length > 0 &&
        !isPromotion(mapping, change),
      build: profileOf,
    }),
    define('promoted', 'A commissioner has risen to a new title.', {
      payload: promotion,
      when: (change) => isPromotion(mapping, change),
      build: ({ documentId, before, after }): z.input<typeof promotion> => ({
        ...personOf(documentId, after),
        previous_title: textOf(before, mapping.fields.title),
        new_title: textOf(after, mapping.fields.title) ?? '',
      }),
    }),
  ];
}

function isCommissioner(mapping: PersonMapping, state: DocumentState | null): boolean {
  if (state === null) {
    return false;
  }
  if (!mapping.commissionerRoles) {
    return true;
  }
  return mapping.commissionerRoles.includes(textOf(state, mapping.fields.role) ?? '');
}

/** The title rises by the ranking; where one of the two titles is not ranked, it changes at all. */
function isPromotion(mapping: PersonMapping, { before, after }: ChangeContext): boolean {
  if (!isCommissioner(mapping, before) || !isCommissioner(mapping, after)) {
    return false;
  }
  const from = textOf(before, mapping.fields.title);
  const to = textOf(after, mapping.fields.title);
  if (to === null || from === to) {
    return false;
  }
  const ranking = mapping.titleRanking ?? [];
  const [fromRank, toRank] = [ranking.indexOf(from ?? ''), ranking.indexOf(to)];
  return fromRank === -1 || toRank === -1 || toRank > fromRank;
}
