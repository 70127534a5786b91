import { z } from 'zod';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { ChangeContext, EventDefinition } from '../../../server/src/domain/definition';
import { defineEvent } from '../../define-event';
import type { PersonMapping } from './mapping';
import { LEE_MASON, PERSONAL, person, personReader } from './person';
import type { PersonReader } from './person';

const profile = z.strictObject({
  ...person,
  title: z.string().nullable().describe('job title'),
  role: z.string().nullable().describe('what the person is, e.g. commissioner'),
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
  const reader = personReader(schema, mapping);
  const { source, describe, title, role, isCommissioner, scope } = reader;
  const common = {
    version: '1.0.0',
    audience: 'partner' as const,
    source,
    personal: PERSONAL,
    changelog: [{ version: '1.0.0', changes: ['First version.'] }],
    ...(scope ? { scope } : {}),
  };
  const ofProfile = {
    ...common,
    payload: profile,
    build: ({ documentId, after }: ChangeContext): z.input<typeof profile> => ({
      ...describe(documentId, after),
      title: title(after),
      role: role(after),
    }),
  };
  return [
    defineEvent({
      ...ofProfile,
      type: 'executive.commissioner.created',
      summary: 'A person has become a commissioner, by a new record or by a change of role.',
      examples: [{ ...LEE_MASON, title: 'Head of Scripted', role: 'commissioner' }],
      when: ({ before, after }) => isCommissioner(after) && !isCommissioner(before),
    }),
    defineEvent({
      ...ofProfile,
      type: 'executive.commissioner.updated',
      summary:
        "A commissioner's record changed otherwise than by a promotion; a step down and the end of the role are such changes.",
      examples: [{ ...LEE_MASON, title: 'Head of Scripted', role: 'commissioner' }],
      when: (change) =>
        isCommissioner(change.before) &&
        change.after !== null &&
        change.changed.length > 0 &&
        !isPromotion(reader, mapping, change),
    }),
    defineEvent({
      ...common,
      type: 'executive.commissioner.promoted',
      summary:
        'The title of a commissioner rose by the ranking, or, where the ranking does not have both titles, changed while the role stayed.',
      payload: promotion,
      examples: [
        {
          ...LEE_MASON,
          previous_title: 'Executive Director, Scripted Originals',
          new_title: 'VP, Scripted',
        },
      ],
      when: (change) => isPromotion(reader, mapping, change),
      build: ({ documentId, before, after }): z.input<typeof promotion> => ({
        ...describe(documentId, after),
        previous_title: title(before),
        new_title: title(after) ?? '',
      }),
    }),
  ];
}

/**
 * Of a commissioner before and after: the title rises by the ranking, whatever becomes of the role; where one of the two titles
 * is not ranked, it changes while the role stays, for then a new title is all that has happened. A step down the ranking is
 * none.
 */
function isPromotion(
  { title, role, isCommissioner }: PersonReader,
  { titleRanking = [] }: PersonMapping,
  { before, after }: ChangeContext,
): boolean {
  if (!isCommissioner(before) || !isCommissioner(after)) return false;
  const [from, to] = [title(before), title(after)];
  if (to === null || from === to) return false;
  const [fromRank, toRank] = [titleRanking.indexOf(from ?? ''), titleRanking.indexOf(to)];
  return fromRank === -1 || toRank === -1 ? role(before) === role(after) : toRank > fromRank;
}
