import { z } from 'zod';
import type { DocumentState } from '../../../server/src/domain/change';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { GivenScope } from '../../../server/src/domain/scope';
import { endInstantOf } from '../../instants';
import { isPublished, Paths, type Reader } from '../paths';
import type { CheckedSlateMapping } from './mapping';
import { NO_TERMS, terms, termsReader, type Terms } from './terms';
import { textIn } from '../values';

/** A title as buyers see it: under one offer, or without. */
export const listing = {
  title_id: z.string().describe('what partners know the title by'),
  offer_id: z
    .string()
    .nullable()
    .describe("id of the offer's document; null for a title that is not offered yet"),
  title: z.string().nullable().describe('null where the title is not published'),
  genres: z.array(z.string()),
  content_type: z.string().nullable(),
  ...terms,
};

export type Listing = z.output<z.ZodObject<typeof listing>>;

/** Reads titles and offers, wherever they stand: as the document itself, or below a slate. */
export interface ListingReader {
  titleUid: string;
  offerUid: string | null;
  /** What has to be read of a title, and of an offer. */
  paths: { title: Paths; offer: Paths | null };
  isOpen: (offer: DocumentState | null) => boolean;
  /** The title that an offer is of. */
  titleOf: Reader<DocumentState | null>;
  /** The slate that an offer is on. */
  slateOf: Reader<DocumentState | null>;
  /** Null for an offer without a title. */
  ofOffer: (offer: DocumentState, now: Date, title?: DocumentState | null) => Listing | null;
  ofTitle: (title: DocumentState, now: Date) => Listing;
  /** For whom a listing counts. Without territories it is for none, where the mapping knows of territories. */
  scopeOf: (entry: Pick<Listing, 'genres' | 'content_type' | 'license_terms'>) => GivenScope;
}

/** @throws Error naming the option that does not fit the content types. */
export function listingReader(schema: ContentSchema, mapping: CheckedSlateMapping): ListingReader {
  const { title, offer } = mapping;
  const titles = titleReader(schema, title);
  const offers = offer
    ? offerReader(schema, offer, { ...mapping, titlePaths: titles.paths })
    : null;
  const knowsTerritories = [title.terms, offer?.terms].some((given) => given?.territories);
  return {
    titleUid: title.uid,
    offerUid: offer?.uid ?? null,
    paths: { title: titles.paths, offer: offers?.paths ?? null },
    isOpen: (state) => offers?.isOpen(state) ?? false,
    titleOf: (state) => offers?.titleOf(state) ?? null,
    slateOf: (state) => offers?.slateOf(state) ?? null,
    ofTitle: (state, now) => ({
      ...titles.describe(state),
      offer_id: null,
      ...current(isPublished(state) ? titles.terms(state) : NO_TERMS, now),
    }),
    ofOffer(state, now, known) {
      const row = known ?? offers?.titleOf(state);
      if (!row || !offers) return null;
      return {
        ...titles.describe(row),
        offer_id: textIn(state['documentId']),
        ...current(offers.terms(state), now),
      };
    },
    scopeOf: ({ genres, content_type, license_terms }) => ({
      territories: knowsTerritories ? (license_terms?.territories ?? []) : null,
      genres: genres.length > 0 ? genres : null,
      content_types: content_type === null ? null : [content_type],
    }),
  };
}

/** A preview that has expired is not shown. */
function current(given: Terms, now: Date): Terms {
  const expired = hasExpired(given.preview_expiry, now);
  return expired ? { ...given, preview_url: null, preview_expiry: null } : given;
}

export function hasExpired(expiry: string | null, now: Date): boolean {
  const end = endInstantOf(expiry);
  return end !== null && end <= now;
}

function titleReader(schema: ContentSchema, mapping: CheckedSlateMapping['title']) {
  const option = (name: string) => `slate preset, title.${name}`;
  const { fields } = mapping;
  const paths = new Paths(schema, option('uid'), mapping.uid);
  const name = paths.text(option('fields.name'), fields.name);
  const id = paths.text(option('fields.id'), fields.id);
  const genres = paths.words(option('fields.genres'), fields.genres);
  const contentType = paths.text(option('fields.contentType'), fields.contentType);
  const ownTerms = mapping.terms ? termsReader(paths, option('terms'), mapping.terms) : null;
  return {
    paths,
    terms: (row: DocumentState) => ownTerms?.(row) ?? NO_TERMS,
    /** Of a draft nothing but its identity is told. */
    describe(row: DocumentState) {
      const texts = isPublished(row) ? row : null;
      return {
        title_id: id(row) ?? String(row['documentId']),
        title: name(texts),
        genres: genres(texts),
        content_type: contentType(texts),
      };
    },
  };
}

function offerReader(
  schema: ContentSchema,
  mapping: NonNullable<CheckedSlateMapping['offer']>,
  { title, slate, titlePaths }: CheckedSlateMapping & { titlePaths: Paths },
) {
  const option = (name: string) => `slate preset, offer.${name}`;
  const paths = new Paths(schema, option('uid'), mapping.uid);
  const status = paths.text(option('status.field'), mapping.status?.field);
  const titles = relationTo(paths, {
    option: option('title'),
    path: mapping.title,
    uid: title.uid,
  });
  const slates = relationTo(paths, {
    option: option('slate'),
    path: mapping.slate,
    uid: slate?.uid,
  });
  const terms = termsReader(paths, option('terms'), mapping.terms);
  paths.include(mapping.title, titlePaths);
  return {
    paths,
    terms,
    isOpen: (state: DocumentState | null) =>
      state !== null &&
      isPublished(state) &&
      (!mapping.status || mapping.status.open.includes(status(state) ?? '')),
    titleOf: (state: DocumentState | null) => titles(state)[0] ?? null,
    slateOf: (state: DocumentState | null) => slates(state)[0] ?? null,
  };
}

/** @throws Error naming the option whose relation leads elsewhere. */
export function relationTo(
  paths: Paths,
  { option, path, uid }: { option: string; path: string | undefined; uid: string | undefined },
): Reader<DocumentState[]> {
  const related = paths.related(option, path);
  if (related && uid !== undefined && related.uid !== uid) {
    throw new Error(`${option}: "${path}" leads to ${related.uid}, not to ${uid}`);
  }
  return related?.read ?? (() => []);
}
