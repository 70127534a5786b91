import { z } from 'zod';
import { defineEvent } from '../../../config';
import type { EventScope } from '../../../server/src/domain/scope';
import { newEvent, type EventInput } from '../../database/factory/facts';
import type { Random } from '../../database/factory/random';

export type Audience = 'public' | 'partner' | 'internal';

const TERRITORIES = ['GB', 'DE', 'FR', 'US'];
const GENRES = ['drama', 'news'];
const KINDS = ['series', 'film'];

/** What the definitions below say, in the test's own words: nothing of the product is asked. */
export const TYPES: Record<string, { audience: Audience; approval: boolean }> = {
  'desk.bulletin': { audience: 'public', approval: false },
  'desk.brief': { audience: 'partner', approval: false },
  'desk.embargoed': { audience: 'partner', approval: true },
  'desk.memo': { audience: 'internal', approval: false },
  'desk.listing': { audience: 'partner', approval: false },
};

const payload = z.looseObject({
  title: z.string(),
  name: z.string().optional(),
  contacts: z.array(z.looseObject({ email: z.string() })).optional(),
  titles: z.array(z.looseObject({ sku: z.string() })).optional(),
});

/** No document makes them: the test puts events of them into the log. */
export const definitions = Object.entries(TYPES).map(([type, { audience, approval }]) =>
  defineEvent({
    type,
    version: '1.0.0',
    summary: `Something of ${type}.`,
    source: { uid: 'api::slate.slate' },
    audience,
    approval,
    payload,
    personal: ['name', 'contacts[].email'],
    when: () => false,
    build: () => ({ title: '' }),
  }),
);

/** An event as the test made it. */
export interface Given {
  id: string;
  type: string;
  subject: string;
  locale: string | null;
  scope: EventScope | null;
  items: (EventScope | null)[] | null;
  /** Null: none needed. */
  approved: boolean | null;
  /** Personal texts that it holds. */
  persons: string[];
}

/** Rights of a partner, or the filter of a feed. */
export interface Scope {
  territories: string[];
  genres: string[];
  content_types: string[];
}

export function randomScopeFilter(random: Random): Scope {
  return {
    territories: some(random, TERRITORIES, 0.6),
    genres: some(random, GENRES, 0.3),
    content_types: some(random, KINDS, 0.3),
  };
}

function randomScope(random: Random): EventScope | null {
  if (random.below(5) === 0) return null;
  const said = (words: string[]) => (random.below(3) === 0 ? null : some(random, words, 1));
  return { territories: said(TERRITORIES), genres: said(GENRES), content_types: said(KINDS) };
}

/** Some of the words, or, as often as `often` leaves, none at all. */
function some(random: Random, words: string[], often: number): string[] {
  return random.next() < often ? words.filter(() => random.below(2) === 0) : [];
}

/** Events of all types about a few subjects, and what the test knows of them. */
export function randomEvents(random: Random, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const types = Object.keys(TYPES);
    const type = types[random.below(types.length)] ?? '';
    const persons = [`Person-${index}-name`, `person-${index}@desk.example`];
    const items =
      type === 'desk.listing'
        ? Array.from({ length: 1 + random.below(4) }, () => randomScope(random))
        : null;
    const input: EventInput = {
      type,
      subject: `subject-${random.below(12)}`,
      subjectType: 'api::slate.slate',
      locale: [null, 'en', 'de'][random.below(3)] ?? null,
      needsApproval: TYPES[type]?.approval ?? false,
      payload: {
        title: `Title ${index}`,
        name: persons[0],
        contacts: [{ email: persons[1] }],
        ...(items ? { titles: items.map((__, item) => ({ sku: `sku-${index}-${item}` })) } : {}),
      },
    };
    const scope = randomScope(random);
    const row = newEvent({
      ...input,
      ...(scope ? { scope } : {}),
      ...(items ? { items: { list: 'titles', scopes: items } } : {}),
    });
    const given: Given = {
      id: row.eventId,
      type,
      subject: row.subjectId,
      locale: row.locale,
      scope,
      items,
      approved: TYPES[type]?.approval ? false : null,
      persons,
    };
    return { row, given };
  });
}
