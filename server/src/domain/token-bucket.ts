/**
 * A rate limit as a token bucket: it fills at `ratePerSecond` tokens a second, one request takes one. All processes
 * share the one that the database keeps.
 */
export interface TokenBucket {
  tokens: number;
  /** Milliseconds since 1970: when it held that many. */
  at: number;
}

/** What may be sent at once after a pause: a tenth of a second's worth, so that no second sees much more than its rate. */
const BURST_SECONDS = 0.1;

/** A bucket that was filled by a clock so much ahead of ours is begun anew: else nothing would be sent until then. */
const MAX_CLOCK_LEAD_MS = 5_000;

/** The bucket as it is at `now` (milliseconds since 1970); one that is not there yet is full. */
export function refill(
  bucket: TokenBucket | null,
  input: { ratePerSecond: number; now: number },
): TokenBucket {
  const capacity = Math.max(1, input.ratePerSecond * BURST_SECONDS);
  if (bucket === null || bucket.at - input.now > MAX_CLOCK_LEAD_MS) {
    return { tokens: capacity, at: input.now };
  }
  const elapsedMs = Math.max(0, input.now - bucket.at);
  const tokens = Math.min(capacity, bucket.tokens + (elapsedMs * input.ratePerSecond) / 1_000);
  return { tokens, at: Math.max(bucket.at, input.now) };
}

/** How many requests the bucket allows now. */
export function available(bucket: TokenBucket): number {
  // A sum of fractions may miss a whole number by a hair.
  return Math.floor(bucket.tokens + 1e-9);
}

/** When the bucket will allow the next request, in milliseconds since 1970. */
export function nextTokenAt(bucket: TokenBucket, ratePerSecond: number): number {
  const missing = Math.max(0, 1 - bucket.tokens);
  return bucket.at + Math.ceil((missing / ratePerSecond) * 1_000);
}
