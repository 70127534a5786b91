import { z } from 'zod';
import { isoTime, pageQuery } from './common';
import { eventTypePattern } from './event-filter';
import { REPLAYABLE_STATUSES } from '../domain/replay';
import type { ReplayableStatus } from '../domain/replay';
import type { Actor } from '../domain/event';

export type { Actor };

/** How many event type patterns one replay may name. */
const MAX_EVENT_TYPES = 100;

export const REPLAY_STATES = ['running', 'done', 'cancelled', 'failed'] as const;

export type ReplayState = (typeof REPLAY_STATES)[number];

const UNSETTLED = 'is still on its way, so there is nothing to replay yet';

/**
 * Body of `POST /replays` (spec §7).
 *
 * Without `missing`: each event whose newest delivery to the subscription ended in `status`; without `status`, those that
 * were delivered or are dead. An event that is on its way to it again is passed over. With `missing`: events of the log
 * that the subscription's rule, as it stands now, matches, and that were never owed to it. `since` (inclusive) and
 * `until` (exclusive) go by the event's `occurred_at`. Events for one subscription alone (tests) are never replayed.
 */
export const createReplay = z
  .strictObject({
    subscription_id: z.string().min(1).max(64),
    status: z
      .enum(REPLAYABLE_STATUSES, {
        error: ({ input }) =>
          input === 'waiting' || input === 'sending'
            ? `A delivery that is ${input} ${UNSETTLED}; name one of ${REPLAYABLE_STATUSES.join(', ')}`
            : `Name one of ${REPLAYABLE_STATUSES.join(', ')}, or leave it out`,
      })
      .nullish(),
    event_types: z.array(eventTypePattern).max(MAX_EVENT_TYPES).default([]),
    since: isoTime.nullish(),
    until: isoTime.nullish(),
    missing: z.boolean().default(false),
    /** Deliveries made per second; default and limit are options of the plugin. */
    rate_per_second: z.number().int().min(1).optional(),
    /** Count only. */
    dry_run: z.boolean().default(false),
  })
  .superRefine((body, context) => {
    if (body.missing && body.status) {
      const message = 'What is missing has no delivery, so no status: leave out one of the two';
      context.addIssue({ code: 'custom', path: ['status'], message });
    }
    if (body.since && body.until && Date.parse(body.since) >= Date.parse(body.until)) {
      const message = `until must be later than since (${body.since})`;
      context.addIssue({ code: 'custom', path: ['until'], message });
    }
  });

/** Query of `GET /replays`; newest first. */
export const listReplays = pageQuery.extend({
  subscription_id: z.string().max(64).optional(),
  state: z.enum(REPLAY_STATES).optional(),
});

/** A replay: what was asked for, and how far it is. */
export interface Replay {
  id: string;
  subscription_id: string;
  status: ReplayableStatus | null;
  event_types: string[];
  since: string | null;
  until: string | null;
  missing: boolean;
  rate_per_second: number;
  /** `running` until all of its deliveries have been made and are settled. */
  state: ReplayState;
  /** Why it stands where it stands, in words; null where there is nothing to say. */
  reason: string | null;
  /** Counted when it was started; null where the log was too large for that. */
  matched: number | null;
  progress: ReplayProgress;
  started_by: Actor;
  created_at: string;
  finished_at: string | null;
}

/** How many of its deliveries were made, and what became of them. Those still on their way are `waiting`. */
export interface ReplayProgress {
  scheduled: number;
  waiting: number;
  delivered: number;
  dead: number;
  cancelled: number;
}

/** Answer of a dry run. */
export interface ReplayDryRun {
  matched: number;
}
