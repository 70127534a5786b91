import { z } from 'zod';
import { attribute, path, uid, words } from '../checked-mapping';

/** Where the terms of a licence are kept: paths of the offer's content type, or of the title's. */
const termsMapping = z.strictObject({
  internalSku: path.optional(),
  primaryContact: path.optional(),
  salesRepId: path.optional(),
  previewUrl: path.optional(),
  previewExpiry: path.optional(),
  exclusive: path.optional(),
  /** ISO 3166-1 alpha-2 codes: a JSON list, or text with commas. Buyers elsewhere do not see the title. */
  territories: path.optional(),
  /** How long the licence lasts, e.g. `P24M`. */
  termLength: path.optional(),
  /** Components or a JSON list, and the names of what is in an entry. */
  fees: z
    .strictObject({
      list: path,
      basis: attribute.optional(),
      amount: attribute,
      currency: attribute,
    })
    .optional(),
  windows: z
    .strictObject({
      list: path,
      kind: attribute.optional(),
      startDate: attribute,
      endDate: attribute,
    })
    .optional(),
  formatOptions: z
    .strictObject({
      list: path,
      deliveryFormat: attribute,
      container: attribute.optional(),
      requiredAssets: attribute.optional(),
    })
    .optional(),
});

const slateContentType = z.strictObject({
  uid,
  fields: z.strictObject({
    name: path,
    description: path.optional(),
    /** When a published slate is announced: a day (from midnight UTC) or a time. Without one: when it is published. */
    announceDate: attribute.optional(),
  }),
  /** Relation to the titles on the slate. */
  titles: path.optional(),
  /** Relation to the offers on the slate; the inverse side will do. */
  offers: path.optional(),
});

const titleContentType = z.strictObject({
  uid,
  fields: z.strictObject({
    name: path,
    /** What partners know the title by. Default: the document's id. */
    id: path.optional(),
    genres: path.optional(),
    contentType: path.optional(),
  }),
  /** The terms of titles that no offer is made of. */
  terms: termsMapping.optional(),
});

const offerContentType = z.strictObject({
  uid,
  /** To-one relation to the title. */
  title: path,
  /** To-one relation to the slate. */
  slate: path.optional(),
  /** An offer is open while it is published (where it has drafts) and its status is one of these. */
  status: z.strictObject({ field: path, open: words }).optional(),
  terms: termsMapping,
});

export const slateMapping = z
  .strictObject({
    slate: slateContentType.optional(),
    title: titleContentType,
    offer: offerContentType.optional(),
    /** How many days ahead a preview may expire. Left out: that is not checked. */
    previewMaxDays: z.number().positive().max(3_650).optional(),
  })
  .check(({ value: { slate, offer }, issues }) => {
    const missing = (path: string, message: string) =>
      issues.push({ code: 'custom', path: path.split('.'), message, input: undefined });
    if (!slate && !offer) missing('slate', 'map a slate, or offers, or both');
    if (slate && !slate.titles && !slate.offers) {
      missing('slate.titles', 'name the relation to titles, or slate.offers, or both');
    }
    if (slate?.offers && !offer) missing('offer', 'slate.offers needs it');
  });

export type TermsMapping = z.output<typeof termsMapping>;
export type CheckedSlateMapping = z.output<typeof slateMapping>;
/** How the slate preset finds slates, titles and offers in the user's own content types. */
export type SlateMapping = z.input<typeof slateMapping>;
