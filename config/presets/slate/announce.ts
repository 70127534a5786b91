import { z } from 'zod';
import type { DocumentState } from '../../../server/src/domain/change';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type {
  ChangeContext,
  EventDefinition,
  Populate,
} from '../../../server/src/domain/definition';
import { defineEvent } from '../../define-event';
import { instantOf } from '../../instants';
import { isPublished, Paths, type Reader } from '../paths';
import { HARBOUR_LIGHTS } from './examples';
import { slateItem } from './feed-items';
import { listing, relationTo, type Listing, type ListingReader } from './listing';
import type { CheckedSlateMapping } from './mapping';
import { listingRules } from './rules';
import { textIn } from '../values';

/** The moment at which a published slate is announced although nobody writes. */
export const ANNOUNCE_DATE = 'announce_date';

const payload = z.strictObject({
  slate_id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  announce_date: z.string().nullable(),
  titles: z.array(z.strictObject(listing)),
});

/** Reads slates. */
export interface SlateReader {
  uid: string;
  populate: Populate;
  name: Reader<string | null>;
  description: Reader<string | null>;
  announceDate: Reader<string | null>;
  isAnnounced: (state: DocumentState | null, now: Date) => boolean;
  /** The titles on the slate under each of their open offers, and those without any. */
  listings: (state: DocumentState, now: Date) => Listing[];
}

/** @throws Error naming the option that does not fit the content types. */
export function slateReader(
  schema: ContentSchema,
  mapping: CheckedSlateMapping,
  reader: ListingReader,
): SlateReader | null {
  const { slate, offer } = mapping;
  if (!slate) return null;
  const option = (name: string) => `slate preset, slate.${name}`;
  const paths = new Paths(schema, option('uid'), slate.uid);
  const text = (field: keyof typeof slate.fields) =>
    paths.text(option(`fields.${field}`), slate.fields[field]);
  const announceDate = text('announceDate');
  const titlesOf = relationTo(paths, {
    option: option('titles'),
    path: slate.titles,
    uid: mapping.title.uid,
  });
  const offersOf = relationTo(paths, {
    option: option('offers'),
    path: slate.offers,
    uid: offer?.uid,
  });
  if (slate.titles) paths.include(slate.titles, reader.paths.title);
  if (slate.offers && reader.paths.offer) paths.include(slate.offers, reader.paths.offer);
  return {
    uid: slate.uid,
    populate: paths.populate,
    name: text('name'),
    description: text('description'),
    announceDate,
    isAnnounced(state, now) {
      if (state === null || !isPublished(state)) return false;
      const date = instantOf(announceDate(state));
      return date === null || date <= now;
    },
    listings(state, now) {
      const titles = titlesOf(state).filter(isPublished);
      const byId = new Map(titles.map((title) => [title['documentId'], title]));
      const offered = offersOf(state)
        .filter(reader.isOpen)
        .flatMap((open) => {
          const titleId = reader.titleOf(open)?.['documentId'];
          const entry = reader.ofOffer(open, now, byId.get(titleId) ?? null);
          return entry ? [{ titleId, entry }] : [];
        });
      const under = new Set(offered.map(({ titleId }) => titleId));
      const others = titles.filter((title) => !under.has(title['documentId']));
      return [
        ...offered.map(({ entry }) => entry),
        ...others.map((title) => reader.ofTitle(title, now)),
      ];
    },
  };
}

/** `slate.announce`: one event, of which each buyer receives the titles that it may license. */
export function announceEvents(
  slate: SlateReader,
  reader: ListingReader,
  previewMaxDays: number | undefined,
): EventDefinition[] {
  return [
    defineEvent({
      type: 'slate.announce',
      version: '1.0.0',
      summary:
        'A published slate is announced, at its announce date or, where it has none or that has passed, when it is published. Each reader receives those titles alone that it may license.',
      audience: 'partner',
      source: { uid: slate.uid, populate: slate.populate },
      payload,
      items: { list: 'titles', scope: (item) => reader.scopeOf(item) },
      personal: ['titles[].primary_contact'],
      rules: listingRules('titles[].', previewMaxDays),
      examples: [
        {
          slate_id: 's1l2a3t4e5',
          name: 'Drama slate',
          description: 'Scripted series, for delivery within the year.',
          announce_date: '2026-02-16',
          titles: [HARBOUR_LIGHTS],
        },
      ],
      changelog: [{ version: '1.0.0', changes: ['First version.'] }],
      feedItem: (event) => slateItem(event.payload),
      when: (change) => becomesAnnounced(slate, change),
      build: ({ documentId, after, now }): z.input<typeof payload> => ({
        slate_id: documentId,
        name: slate.name(after) ?? '',
        description: slate.description(after),
        announce_date: slate.announceDate(after),
        titles: after ? slate.listings(after, now) : [],
      }),
      moments: (state) => ({ [ANNOUNCE_DATE]: instantOf(slate.announceDate(state)) }),
    }),
  ];
}

/** The titles on offer through a slate from now on: all of it when it is announced, later what is new on it. */
export function newListings(slate: SlateReader, change: ChangeContext): Listing[] {
  const { before, after, now } = change;
  if (after === null || !slate.isAnnounced(after, now)) return [];
  const listings = slate.listings(after, now);
  if (becomesAnnounced(slate, change)) return listings;
  if (change.action === 'due' || before === null) return [];
  const known = new Set(slate.listings(before, now).map(keyOf));
  return listings.filter((entry) => !known.has(keyOf(entry)));
}

function becomesAnnounced(
  slate: SlateReader,
  { action, moment, before, after, now }: ChangeContext,
) {
  if (!slate.isAnnounced(after, now)) return false;
  return action === 'due' ? moment === ANNOUNCE_DATE : !slate.isAnnounced(before, now);
}

function keyOf({ title_id, offer_id }: Listing): string {
  return JSON.stringify([title_id, textIn(offer_id)]);
}
