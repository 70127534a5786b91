import { z } from 'zod';

/** Body of `POST /events/:event_id/approve` and `/reject`. */
export const answerApproval = z.strictObject({
  note: z.string().trim().max(2_000).nullable().default(null),
});
