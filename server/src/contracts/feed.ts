import { z } from 'zod';
import { pageQuery } from './common';
import { eventFilter, eventTypes, expression, projection, scopeFilter } from './event-filter';
import { patchOf } from './patch';

/** Partners that one feed may be open to. */
const MAX_PARTNERS = 1_000;

/** How far back a feed may go, in days: ten years. */
const MAX_AGE_DAYS = 3_660;

const settings = z.strictObject({
  /** Its place in addresses: `/feeds/:slug/events`. */
  slug: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
      error: 'Write lower case letters, digits and single hyphens, such as "northlight-titles"',
    }),
  title: z.string().trim().min(1).max(200),
  description: z.string().max(2_000).default(''),
  /** Whose tokens may read it. Empty: it is internal, and Strapi API tokens alone may. */
  partner_ids: z.array(z.string().min(1).max(36)).max(MAX_PARTNERS).default([]),
  event_types: eventTypes.default(['*']),
  filter: eventFilter.prefault({}),
  projection,
  transform: expression,
  /** How far back it goes, in days; null: as far as the log does. */
  max_age_days: z.number().int().min(1).max(MAX_AGE_DAYS).nullable().default(null),
});

/** Body of `POST /feeds`. Only `slug` and `title` are required (spec §7). */
export const createFeed = settings;

/** Body of `PATCH /feeds/:id`: any part of the resource; the filter is merged field by field. */
export const updateFeed = z.strictObject({
  ...patchOf(settings).shape,
  filter: patchOf(eventFilter.extend({ scope: patchOf(scopeFilter) })).optional(),
});

/** Query of `GET /feeds`. */
export const listFeeds = pageQuery.extend({ partner_id: z.string().max(36).optional() });

/** A feed's settings, validated and complete, as they are stored. */
export type FeedSettings = z.output<typeof createFeed>;

/** The resource `feed` of spec §7. */
export interface Feed extends FeedSettings {
  id: string;
  /** The last event that could not be brought into the feed's shape; null while there is none. */
  problem: { message: string; at: string } | null;
  created_at: string;
  updated_at: string;
}
