import { describe, expect, it } from 'vitest';
import {
  attainment,
  crossing,
  deadline,
  slaProblem,
  spanLength,
} from '../../../server/src/domain/sla';

describe('A promise', () => {
  it.each([
    { withinSeconds: 300, share: 0.99 },
    { withinSeconds: 1, share: 1 },
    { withinSeconds: 30 * 24 * 3600, share: 0.001 },
  ])('may be %j', (sla) => {
    expect(slaProblem(sla)).toBeNull();
  });

  it.each([
    [{ withinSeconds: 0, share: 0.99 }, 'withinSeconds must be from 1 to 2592000, not 0'],
    [
      { withinSeconds: Number.NaN, share: 0.99 },
      'withinSeconds must be from 1 to 2592000, not NaN',
    ],
    [{ withinSeconds: 2_592_001, share: 0.99 }, 'withinSeconds must be from 1'],
    [{ withinSeconds: 300, share: 0 }, 'share must be over 0 and at most 1, e.g. 0.99, not 0'],
    [{ withinSeconds: 300, share: 99 }, 'share must be over 0 and at most 1, e.g. 0.99, not 99'],
    [{ withinSeconds: 300, share: Number.NaN }, 'share must be over 0'],
  ])('cannot be %j', (sla, problem) => {
    expect(slaProblem(sla)).toContain(problem);
  });
});

describe('The deadline', () => {
  const occurred = new Date('2026-01-17T14:00:00Z');

  it('runs from the event', () => {
    const now = new Date('2026-01-17T14:01:00Z');
    expect(deadline(occurred, 300, now)).toEqual(new Date('2026-01-17T14:05:00Z'));
  });

  it('is this very moment when it has passed already, so that the count, which moves behind the present, meets it', () => {
    const now = new Date('2026-01-17T16:00:00Z');
    expect(deadline(occurred, 300, now)).toEqual(now);
  });
});

describe('A span', () => {
  it('is a small part of the window, and at least a second', () => {
    expect(spanLength(24 * 3600 * 1000)).toBe(15 * 60 * 1000);
    expect(spanLength(1_000)).toBe(1_000);
  });
});

describe('Attainment', () => {
  it('is the share that was kept', () => {
    expect(attainment({ kept: 3, missed: 1 })).toBe(0.75);
    expect(attainment({ kept: 0, missed: 4 })).toBe(0);
  });
  it('is nothing without samples', () => {
    expect(attainment({ kept: 0, missed: 0 })).toBeNull();
  });
});

describe('A crossing', () => {
  const crosses = (kept: number, missed: number, breached: boolean) =>
    crossing({ samples: { kept, missed }, share: 0.9, minimumSamples: 10, breached });

  it('is told when the share falls below what is promised, once', () => {
    expect(crosses(89, 11, false)).toBe('below');
    expect(crosses(89, 11, true)).toBeNull();
  });
  it('is told when it is kept again, once', () => {
    expect(crosses(90, 10, true)).toBe('above');
    expect(crosses(90, 10, false)).toBeNull();
  });
  it('is not told for a handful of samples', () => {
    expect(crosses(0, 9, false)).toBeNull();
    expect(crosses(0, 10, false)).toBe('below');
  });
  it('is told when the window has become empty: there is nothing that would be broken', () => {
    expect(crosses(0, 0, true)).toBe('above');
    expect(crosses(0, 0, false)).toBeNull();
  });
  it('is not told when few are left and they are missed', () => {
    expect(crosses(0, 3, true)).toBeNull();
  });
});
