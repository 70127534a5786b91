import { z } from 'zod';

/** Entries of one document. */
export const MAX_ENTRIES = 200;

/** Entries of one document, where a reader does not ask for more or less: feed readers take pages as they come. */
export const DEFAULT_ENTRIES = 50;

const bounds = `Write a whole number from 1 to ${MAX_ENTRIES}`;

/** Query of `GET /feeds/:slug/rss`, `/atom` and `/json`. */
export const feedDocumentQuery = z.strictObject({
  /** Cursor of an older page, from a link of a document. */
  before: z.string({ error: 'Give before once' }).optional(),
  limit: z
    .string({ error: bounds })
    .regex(/^\d{1,4}$/, { error: bounds })
    .transform(Number)
    .pipe(z.number().min(1, { error: bounds }).max(MAX_ENTRIES, { error: bounds }))
    .optional(),
  /** Taken out of the address before anything else sees it; see the partners' authentication. */
  token: z.string().optional(),
});
