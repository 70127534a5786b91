import { describe, expect, it } from 'vitest';
import { available, nextTokenAt, refill } from '../../../server/src/domain/token-bucket';
import type { TokenBucket } from '../../../server/src/domain/token-bucket';

/** Takes whatever is allowed, each millisecond, and returns the times at which something was. */
function takeAll(ratePerSecond: number, forMs: number, start = 1_000_000): number[] {
  let bucket: TokenBucket | null = null;
  const times: number[] = [];
  for (let now = start; now < start + forMs; now += 1) {
    bucket = refill(bucket, { ratePerSecond, now });
    const taken = available(bucket);
    bucket = { ...bucket, tokens: bucket.tokens - taken };
    for (let i = 0; i < taken; i += 1) times.push(now - start);
  }
  return times;
}

const mostInASecond = (times: number[]) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));

describe('A token bucket', () => {
  it.each([0.5, 1, 3, 10, 100])(
    'lets through %d a second, and hardly more in any second',
    (rate) => {
      const times = takeAll(rate, 10_000);
      expect(times.length).toBeGreaterThanOrEqual(Math.floor(rate * 10));
      expect(mostInASecond(times)).toBeLessThanOrEqual(Math.ceil(rate * 1.1) + 1);
    },
  );

  it('says when the next one is let through, to the millisecond', () => {
    const empty = { tokens: 0, at: 5_000 };
    const at = nextTokenAt(empty, 3);
    expect(at).toBe(5_334);
    expect(available(refill(empty, { ratePerSecond: 3, now: at - 2 }))).toBe(0);
    expect(available(refill(empty, { ratePerSecond: 3, now: at }))).toBe(1);
  });

  it('saves nothing up while nothing is sent', () => {
    const idle = { tokens: 0, at: 0 };
    expect(available(refill(idle, { ratePerSecond: 2, now: 3_600_000 }))).toBe(1);
  });

  it('gives nothing extra when the clock is set back a little', () => {
    const bucket = refill({ tokens: 0, at: 10_000 }, { ratePerSecond: 10, now: 9_000 });
    expect(bucket).toEqual({ tokens: 0, at: 10_000 });
  });

  it('does not wait for a clock that was far ahead', () => {
    const bucket = refill({ tokens: 0, at: 86_400_000 }, { ratePerSecond: 1, now: 1_000 });
    expect(available(bucket)).toBe(1);
  });
});
