/**
 * Promises on delivery (SLA): "within 5 minutes of the event, 99 % of its deliveries".
 *
 * A sample is one event for one subscription. Its deadline is fixed when the delivery is made; when the deadline has
 * passed, whether it was kept is settled for good: the first successful attempt was recorded before it, or not. So each
 * sample is counted once, soon after its deadline, into a span of the rolling window, and never looked at again.
 */

/** A definition's promise. */
export interface Sla {
  /** From `occurred_at` to the delivery, in seconds. */
  withinSeconds: number;
  /** The part of all deliveries for which that is promised, over 0 and up to 1. */
  share: number;
}

/** The longest promise: deliveries are retried for longer than that by no preset. */
const MAX_WITHIN_SECONDS = 30 * 24 * 3600;

/** What is wrong with a promise, in words; null when it is fine. */
export function slaProblem({ withinSeconds, share }: Sla): string | null {
  if (!(withinSeconds >= 1 && withinSeconds <= MAX_WITHIN_SECONDS)) {
    return `withinSeconds must be from 1 to ${MAX_WITHIN_SECONDS}, not ${withinSeconds}`;
  }
  if (!(share > 0 && share <= 1)) {
    return `share must be over 0 and at most 1, e.g. 0.99, not ${share}`;
  }
  return null;
}

/**
 * The deadline of a delivery. One that is made when it is too late already gets this very moment: it counts as missed, and
 * it is counted, since the count moves through time behind the present.
 */
export function deadline(occurredAt: Date, withinSeconds: number, now: Date): Date {
  return new Date(Math.max(occurredAt.getTime() + withinSeconds * 1_000, now.getTime()));
}

/** Parts of the rolling window, each counted by itself: it forgets at most one in this many at a time. */
const SPANS = 96;

/** Length of a span in milliseconds, for a window of that many. */
export function spanLength(windowMs: number): number {
  return Math.max(1_000, Math.floor(windowMs / SPANS));
}

export interface Samples {
  kept: number;
  missed: number;
}

/** The share that was kept; null where there is nothing to go by. */
export function attainment({ kept, missed }: Samples): number | null {
  return kept + missed === 0 ? null : kept / (kept + missed);
}

/**
 * Whether a promise is newly broken (`below`), kept again (`above`), or stands as it stood (null). A handful of samples
 * breaks nothing; an empty window ends a breach.
 */
export function crossing(input: {
  samples: Samples;
  share: number;
  minimumSamples: number;
  breached: boolean;
}): 'below' | 'above' | null {
  const { samples, share, minimumSamples, breached } = input;
  const reached = attainment(samples);
  const holds = reached === null || reached >= share;
  if (breached) {
    return holds ? 'above' : null;
  }
  return !holds && samples.kept + samples.missed >= minimumSamples ? 'below' : null;
}
