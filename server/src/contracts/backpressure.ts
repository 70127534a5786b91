import { z } from 'zod';
import type { SubscriptionState } from './subscription';

/** A partner pauses a subscription for a day at most; for longer it asks again, or names no time. */
const MAX_PAUSE_SECONDS = 86_400;

/** Body of a partner's `POST /subscriptions/:id/pause`. */
export const pauseByPartner = z.strictObject({
  /** Until it goes on by itself; left out: until the partner resumes it. */
  seconds: z.number().int().min(1).max(MAX_PAUSE_SECONDS).optional(),
  reason: z.string().max(500).optional(),
});

/** A partner's `POST /subscriptions/:id/resume` has no fields. */
export const resumeByPartner = z.strictObject({});

/** What a partner is told of its subscription: how it stands, and nothing of how it is set up. */
export interface StandingSubscription {
  id: string;
  state: SubscriptionState;
  state_reason: string | null;
  /** When a pause that was asked for with `seconds` ends. */
  paused_until: string | null;
}
