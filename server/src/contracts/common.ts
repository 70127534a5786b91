import { z } from 'zod';

/** The largest page a list answers (spec §7: `limit` 1..200). */
const MAX_PAGE_SIZE = 200;

/** Page size when the query names none. */
const DEFAULT_PAGE_SIZE = 50;

/** An ISO 8601 instant, as every time on the wire is, e.g. `2026-01-17T14:32:00.000Z`. */
export const isoTime = z.iso.datetime({ offset: true });

/** `limit` and `after` of every list route; `after` is the cursor of the page before. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  after: z.string().max(200).optional(),
});

/** A list answer: one page, the cursor of the next page (null on the last) and whether there is one. */
export interface ListAnswer<T> {
  data: T[];
  meta: { after: string | null; has_more: boolean };
}

/** A single resource's answer. */
export interface ResourceAnswer<T> {
  data: T;
}
