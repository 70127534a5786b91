import { z } from 'zod';
import { id, name, time } from './fields';

/** Reports of one callback. */
const MAX_REPORTS = 1_000;

/** Plays or impressions of one report. */
const MAX_COUNT = 1_000_000_000;

const counted = {
  content_id: id,
  count: z.int().min(1).max(MAX_COUNT).nullish().describe('left out: 1'),
  territory: name.describe('ISO 3166-1 alpha-2'),
  platform_id: name,
  channel_id: name,
};

const play = {
  ...counted,
  played_at: time.describe('counts for this day (UTC); left out: for the day of the callback'),
  duration_seconds: z.number().min(0).nullish(),
};

const impression = {
  ...counted,
  shown_at: time.describe('counts for this day (UTC); left out: for the day of the callback'),
  campaign_id: name,
  creative_id: name,
};

export const plays = oneOrMany(play);
export const impressions = oneOrMany(impression);

/** One report, or many of them under `items`. */
function oneOrMany<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const one = z.looseObject(shape);
  return z.union([
    one.refine((report) => !('items' in report), { path: ['items'], error: 'must be a list' }),
    z.looseObject({ items: z.array(one).min(1).max(MAX_REPORTS) }),
  ]);
}
