import { describe, expect, it, test } from 'vitest';
import {
  milliseconds,
  nextAttempt,
  RETRY_PRESETS,
  retrySchedule,
  seconds,
  type NextAttempt,
} from '../../../server/src/domain/retry';

const now = new Date('2026-01-17T14:32:00.000Z');
const partner = retrySchedule('partner');

/** Seconds from now to the next attempt, or what else was answered. */
function waitOf(next: NextAttempt): number | string {
  return next.kind === 'due' ? (next.at.getTime() - now.getTime()) / 1000 : next.kind;
}

describe('the schedule', () => {
  it('of a preset is the one in the contract', () => {
    expect(RETRY_PRESETS.partner).toEqual([0, 10, 60, 300, 1_200, 3_600, 14_400, 86_400]);
    expect(RETRY_PRESETS['standard-webhooks']).toEqual([
      0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
    ]);
    expect(RETRY_PRESETS.fast).toEqual([0, 1, 5, 30]);
  });

  it('is read in seconds and kept in milliseconds', () => {
    expect(retrySchedule('fast')).toEqual([0, 1_000, 5_000, 30_000]);
    expect(retrySchedule([0, 0.5, 7])).toEqual([0, 500, 7_000]);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a wait of %s', (wait) => {
    expect(() => seconds(wait)).toThrow(RangeError);
    expect(() => milliseconds(wait)).toThrow(RangeError);
  });
});

describe('the next attempt', () => {
  test.each(RETRY_PRESETS.partner.map((wait, made) => [made, wait]))(
    'after %i attempts of the partner schedule waits %i s without jitter',
    (attemptsMade, wait) => {
      expect(waitOf(nextAttempt({ schedule: partner, attemptsMade, now, random: 0 }))).toBe(wait);
    },
  );

  it('does not exist when the schedule is used up, whatever the endpoint asked for', () => {
    const used = { schedule: partner, now, random: 0.5 };
    expect(nextAttempt({ ...used, attemptsMade: 8 })).toEqual({ kind: 'exhausted' });
    expect(nextAttempt({ ...used, attemptsMade: 8, retryAfterMs: seconds(5) })).toEqual({
      kind: 'exhausted',
    });
    expect(nextAttempt({ ...used, attemptsMade: 99 })).toEqual({ kind: 'exhausted' });
  });

  it('is at most a fifth later by jitter and never earlier', () => {
    for (const random of [0, 0.001, 0.25, 0.5, 0.999_999]) {
      for (const [attemptsMade, nominal] of RETRY_PRESETS.partner.entries()) {
        const wait = waitOf(nextAttempt({ schedule: partner, attemptsMade, now, random }));
        expect(wait).toBeGreaterThanOrEqual(nominal);
        expect(wait).toBeLessThanOrEqual(nominal * 1.2);
      }
    }
    expect(waitOf(nextAttempt({ schedule: partner, attemptsMade: 1, now, random: 0.5 }))).toBe(11);
  });

  it('has no jitter on the first step, which waits for nothing', () => {
    expect(nextAttempt({ schedule: partner, attemptsMade: 0, now, random: 0.99 })).toEqual({
      kind: 'due',
      at: now,
    });
  });

  it('waits at least as long as the endpoint asked', () => {
    const after = (attemptsMade: number, retryAfterMs: number) =>
      waitOf(
        nextAttempt({
          schedule: partner,
          attemptsMade,
          now,
          random: 0,
          retryAfterMs: milliseconds(retryAfterMs),
        }),
      );
    expect(after(1, 120_000)).toBe(120);
    expect(after(3, 120_000)).toBe(300);
  });
});
