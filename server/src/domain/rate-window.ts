/**
 * A rate limit by fixed windows of a minute, the same for all processes: each counts what it lets through, and from time to time
 * they add up. So it is exact to what the others have let through since.
 */
const MINUTE_MS = 60_000;

/** A limit and how much of it is used up. */
export interface Quota {
  /** Requests per minute. */
  limit: number;
  used: number;
  remaining: number;
  /** When the count begins anew. */
  resetsAt: Date;
  /** Whole seconds until then, at least one. */
  secondsLeft: number;
}

/** The window that an instant lies in: minutes since 1970. */
export function minuteOf(now: Date): number {
  return Math.floor(now.getTime() / MINUTE_MS);
}

/** When a window begins. */
export function startOf(minute: number): Date {
  return new Date(minute * MINUTE_MS);
}

/** @param used of the window that `now` lies in. */
export function quotaOf(limit: number, used: number, now: Date): Quota {
  const resetsAt = startOf(minuteOf(now) + 1);
  return {
    limit,
    used,
    remaining: Math.max(0, limit - used),
    resetsAt,
    secondsLeft: Math.max(1, Math.ceil((resetsAt.getTime() - now.getTime()) / 1_000)),
  };
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders(quota: Quota): Record<string, string> {
  return {
    'RateLimit-Policy': `"default";q=${quota.limit};w=${MINUTE_MS / 1_000}`,
    RateLimit: `"default";r=${quota.remaining};t=${quota.secondsLeft}`,
  };
}
