import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  minuteOf,
  quotaOf,
  rateLimitHeaders,
  startOf,
} from '../../../server/src/domain/rate-window';

const NOW = new Date('2026-11-21T12:00:42.001Z');

describe('The window of a rate limit', () => {
  it('ends with the minute', () => {
    expect(quotaOf(600, 12, NOW)).toEqual({
      limit: 600,
      used: 12,
      remaining: 588,
      resetsAt: new Date('2026-11-21T12:01:00.000Z'),
      secondsLeft: 18,
    });
  });

  it('never has less than nothing left, nor less than a second to go', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
        (limit, used, now) => {
          const quota = quotaOf(limit, used, now);
          expect(quota.remaining).toBeGreaterThanOrEqual(0);
          expect(quota.secondsLeft).toBeGreaterThanOrEqual(1);
          expect(quota.secondsLeft).toBeLessThanOrEqual(60);
          expect(minuteOf(quota.resetsAt)).toBe(minuteOf(now) + 1);
          expect(startOf(minuteOf(now)).getTime()).toBeLessThanOrEqual(now.getTime());
        },
      ),
    );
  });

  it('is announced by RateLimit-Policy and RateLimit', () => {
    expect(rateLimitHeaders(quotaOf(600, 12, NOW))).toEqual({
      'RateLimit-Policy': '"default";q=600;w=60',
      RateLimit: '"default";r=588;t=18',
    });
  });
});
