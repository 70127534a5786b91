declare const unit: unique symbol;

/** A span of time in milliseconds. Branded, because schedules are written in seconds and timers in milliseconds. */
export type Milliseconds = number & { readonly [unit]: 'milliseconds' };

/** Brands a number of milliseconds. Throws a RangeError for what is no span of time (negative, NaN, infinite). */
export function milliseconds(value: number): Milliseconds {
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(`Not a span of time in milliseconds: ${value}`);
  }
  return value as Milliseconds;
}

/** Brands a number of seconds as milliseconds. Throws a RangeError as {@link milliseconds} does. */
export function seconds(value: number): Milliseconds {
  return milliseconds(value * 1000);
}

/** The waits of the presets, in seconds (spec §4): entry i is the wait before attempt i + 1. */
export const RETRY_PRESETS = {
  partner: [0, 10, 60, 300, 1_200, 3_600, 14_400, 86_400],
  'standard-webhooks': [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
  fast: [0, 1, 5, 30],
} as const satisfies Record<string, readonly number[]>;

export type RetryPreset = keyof typeof RETRY_PRESETS;

/** Entry i is the wait before attempt i + 1, so its length is the number of attempts. Made by {@link retrySchedule}. */
export type RetrySchedule = readonly Milliseconds[];

/** The schedule of a subscription's `delivery.retry`: a preset's name, or a list of waits in seconds. */
export function retrySchedule(retry: RetryPreset | readonly number[]): RetrySchedule {
  return (typeof retry === 'string' ? RETRY_PRESETS[retry] : retry).map(seconds);
}

/** The most that jitter adds to a wait, as a share of it (spec §4). It only adds: a wait is never cut short. */
const JITTER = 0.2;

export type NextAttempt = { kind: 'due'; at: Date } | { kind: 'exhausted' };

/**
 * When to try again, or that the schedule is used up.
 *
 * `attemptsMade` counts the attempts so far: 0 asks for the first one, which has no jitter where its wait is 0.
 * `random` is a number in [0, 1). `retryAfterMs` is what the endpoint asked for (already capped): the attempt
 * waits at least that long, and the budget of attempts stays what it is.
 */
export function nextAttempt(options: {
  schedule: RetrySchedule;
  attemptsMade: number;
  now: Date;
  random: number;
  retryAfterMs?: Milliseconds | undefined;
}): NextAttempt {
  const nominal = options.schedule[options.attemptsMade];
  if (nominal === undefined) return { kind: 'exhausted' };
  const jittered = Math.ceil(nominal * (1 + JITTER * options.random));
  const wait = Math.max(jittered, options.retryAfterMs ?? 0);
  return { kind: 'due', at: new Date(options.now.getTime() + wait) };
}
