import { z } from 'zod';
import { day, id, name, text } from './fields';

const MAX_PLAYBACK_IDS = 100;
const MAX_FAILURE_CODES = 50;
const MAX_TERRITORIES = 300;

/** A partner has taken the content in. */
export const ingested = z.looseObject({
  content_id: id.describe('of the event that is answered'),
  playback_ids: z
    .array(z.union([id, z.looseObject({ platform_id: name, playback_id: id })]))
    .max(MAX_PLAYBACK_IDS)
    .nullish()
    .describe("what the partner's platforms play it by"),
  platform_id: name,
  channel_id: name,
  publish_date: day,
  url: text.describe('where it is, or will be, shown'),
  note: text,
});

/** A partner has refused the content, and says why. */
export const rejected = z
  .looseObject({
    content_id: id.describe('of the event that is answered'),
    reason: z.string().min(1).max(2_000).nullish(),
    failure_codes: z.array(z.string().min(1).max(100)).min(1).max(MAX_FAILURE_CODES).nullish(),
    platform_id: name,
    channel_id: name,
    note: text,
  })
  .refine(({ reason, failure_codes }) => Boolean(reason) || Boolean(failure_codes), {
    path: ['reason'],
    error: 'Say why: give reason, failure_codes or both',
  });

/** What JSON Schema has instead of the refinement of {@link rejected}: not both of them missing or null. */
export const SAYS_WHY = {
  properties: { reason: { type: 'null' }, failure_codes: { type: 'null' } },
} as const;

/** A partner has accepted a licence on the terms of an offer. */
export const accepted = z.looseObject({
  title_id: id.describe('of the offer that is answered'),
  territories: z
    .array(z.string())
    .max(MAX_TERRITORIES)
    .nullish()
    .describe('ISO 3166-1 alpha-2; left out or empty: all that were offered'),
  license_terms: z
    .looseObject({ exclusive: z.boolean().nullish() })
    .nullish()
    .describe('as the partner has understood them; `exclusive` must be that of the offer'),
  accepted_by: name.describe('who has signed'),
  reference: name.describe("the partner's own number of the contract"),
  note: text,
});
