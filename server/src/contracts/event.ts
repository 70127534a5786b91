import { z } from 'zod';
import { isoTime, pageQuery } from './common';
import type { Actor, EventBody } from '../domain/event';
import type { EventProblem } from '../domain/event-problem';

export type { Actor, EventProblem };

/** Query of `GET /events`; newest first. `event_type` takes a pattern such as `executive.*`. */
export const listEvents = pageQuery.extend({
  subject_id: z.string().max(64).optional(),
  subject_type: z.string().max(200).optional(),
  event_type: z.string().max(200).optional(),
  actor_id: z.string().max(100).optional(),
  status: z.enum(['recorded', 'invalid']).optional(),
  since: isoTime.optional(),
  until: isoTime.optional(),
});

/**
 * An event as the log holds it: the event of spec §2, and how it stands.
 * `sequence_number` and `produced_at` are null until the sequencer has numbered it; an `invalid` event
 * (its payload broke its schema or a business rule, `problems` says how) is never numbered and never delivered.
 */
export interface StoredEvent extends Omit<EventBody, 'sequence_number' | 'produced_at'> {
  sequence_number: number | null;
  produced_at: string | null;
  status: 'recorded' | 'invalid';
  /** Null where it needs none; until it is `approved` nobody outside sees the event. */
  approval: 'pending' | 'approved' | 'rejected' | null;
  problems: EventProblem[];
}
