import { describe, expect, it } from 'vitest';
import {
  isInForce,
  planRevocation,
  planRotation,
  type KeyLife,
} from '../../../server/src/domain/key-rotation';

const now = new Date('2026-11-21T12:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const DAY = 24 * 3600 * 1000;
const current: KeyLife = { kid: 'current', current: true, expiresAt: null };
const retiring: KeyLife = { kid: 'retiring', current: false, expiresAt: after(1) };
const expired: KeyLife = { kid: 'expired', current: false, expiresAt: now };

describe('a rotation', () => {
  it('lets the current key sign until the overlap ends', () => {
    expect(planRotation([current], { now, overlapMs: DAY, force: false })).toEqual({
      kind: 'rotate',
      retire: { kid: 'current', expiresAt: after(DAY) },
      drop: [],
    });
  });

  it('is refused while an earlier one overlaps, and says until when', () => {
    const wish = { now, overlapMs: DAY, force: false };
    expect(planRotation([current, retiring], wish)).toEqual({
      kind: 'in_progress',
      kid: 'retiring',
      endsAt: after(1),
    });
  });

  it('is possible at the very instant at which the earlier overlap ends, and removes what has expired', () => {
    const wish = { now, overlapMs: DAY, force: false };
    expect(planRotation([current, expired], wish)).toEqual({
      kind: 'rotate',
      retire: { kid: 'current', expiresAt: after(DAY) },
      drop: ['expired'],
    });
  });

  it('when forced drops the older key, so that never more than two are in force', () => {
    expect(planRotation([current, retiring], { now, overlapMs: 0, force: true })).toEqual({
      kind: 'rotate',
      retire: { kid: 'current', expiresAt: now },
      drop: ['retiring'],
    });
  });

  it('of nothing makes a first key', () => {
    expect(planRotation([], { now, overlapMs: DAY, force: false })).toEqual({
      kind: 'rotate',
      retire: null,
      drop: [],
    });
  });
});

describe('a revocation', () => {
  it.each([
    ['retiring', 'revoke'],
    ['current', 'current'],
    ['expired', 'unknown'],
    ['other', 'unknown'],
  ])('of the %s key is answered %s', (kid, plan) => {
    expect(planRevocation([current, retiring, expired], kid, now)).toBe(plan);
  });
});

describe('a key', () => {
  it('is in force while it is current, or until its expiry', () => {
    expect([current, retiring, expired].map((key) => isInForce(key, now))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
