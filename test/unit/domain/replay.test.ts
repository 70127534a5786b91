import { describe, expect, it } from 'vitest';
import {
  compileSelection,
  nextBatchAt,
  replayBatchSize,
  replayOrderKey,
  statusesOf,
} from '../../../server/src/domain/replay';
import type { Selection, Standing } from '../../../server/src/domain/replay';

const START = new Date('2026-01-17T12:00:00Z');
const BEFORE = new Date('2026-01-17T11:59:59.999Z');
const AFTER = new Date('2026-01-17T12:00:00.001Z');

const compile = (given: Selection) => {
  const { takesStanding, takesType } = compileSelection(given);
  return (type: string, standing: Standing | null) => takesStanding(standing) && takesType(type);
};
const selection = (change: Partial<Selection> = {}): Selection => ({
  missing: false,
  status: null,
  eventTypes: [],
  settledBy: START,
  ...change,
});

describe('What a replay takes', () => {
  it('is what was delivered or dead, unless a status is named', () => {
    const taken = compile(selection());
    const settled = (status: string) => taken('entry.created', { status, settledAt: BEFORE });
    expect(settled('delivered')).toBe(true);
    expect(settled('awaiting_callback')).toBe(true);
    expect(settled('dead')).toBe(true);
    expect(settled('cancelled')).toBe(false);
    expect(settled('superseded')).toBe(false);
    expect(statusesOf(selection({ status: 'cancelled' }))).toEqual(['cancelled']);
    const cancelled = compile(selection({ status: 'cancelled' }));
    expect(cancelled('entry.created', { status: 'cancelled', settledAt: BEFORE })).toBe(true);
    expect(cancelled('entry.created', { status: 'dead', settledAt: BEFORE })).toBe(false);
  });

  it('is nothing that is on its way, or was settled after the start', () => {
    const taken = compile(selection());
    expect(taken('entry.created', { status: 'delivered', settledAt: null })).toBe(false);
    expect(taken('entry.created', { status: 'delivered', settledAt: START })).toBe(true);
    expect(taken('entry.created', { status: 'delivered', settledAt: AFTER })).toBe(false);
  });

  it('is what has no delivery at all, and only that, when the missing is asked for', () => {
    const missing = compile(selection({ missing: true }));
    expect(missing('entry.created', null)).toBe(true);
    expect(missing('entry.created', { status: 'dead', settledAt: BEFORE })).toBe(false);
    expect(missing('entry.created', { status: 'waiting', settledAt: null })).toBe(false);
    expect(compile(selection())('entry.created', null)).toBe(false);
  });

  it('is narrowed by event types, with the wildcards of a subscription', () => {
    const eventTypes = ['executive.*', '*.created'];
    const dead = { status: 'dead', settledAt: BEFORE };
    const taken = compile(selection({ eventTypes }));
    const missing = compile(selection({ eventTypes, missing: true }));
    for (const type of ['executive.commissioner.promoted', 'entry.created']) {
      expect(taken(type, dead), type).toBe(true);
      expect(missing(type, null), type).toBe(true);
    }
    for (const type of ['executive', 'entry.updated', 'entry.draft.created']) {
      expect(taken(type, dead), type).toBe(false);
      expect(missing(type, null), type).toBe(false);
    }
  });
});

describe('The pace of a replay', () => {
  it.each([1, 3, 50, 500, 1_000])('keeps %i per second over a minute', (ratePerSecond) => {
    const size = replayBatchSize(ratePerSecond);
    let dueAt = START;
    let made = 0;
    while (dueAt.getTime() - START.getTime() < 60_000) {
      made += size;
      dueAt = nextBatchAt({ dueAt, now: dueAt, made: size, ratePerSecond });
    }
    expect(made).toBeGreaterThanOrEqual(60 * ratePerSecond * 0.99);
    expect(made).toBeLessThanOrEqual(60 * ratePerSecond + size);
  });

  it('does not make up for a long pause by a burst', () => {
    const now = new Date(START.getTime() + 3_600_000);
    const next = nextBatchAt({ dueAt: START, now, made: 13, ratePerSecond: 50 });
    expect(next.getTime() - now.getTime()).toBe(260 - 250);
    const after = nextBatchAt({ dueAt: next, now: next, made: 13, ratePerSecond: 50 });
    expect(after.getTime() - next.getTime()).toBe(260);
  });

  it('comes in small batches, of one at least', () => {
    expect(replayBatchSize(1)).toBe(1);
    expect(replayBatchSize(50)).toBe(13);
    expect(replayBatchSize(10_000)).toBe(250);
  });
});

describe('The order of a replay', () => {
  it("is the subscription's, in a lane beside the live stream", () => {
    expect(replayOrderKey('api::person.person:a1')).toBe('replay:api::person.person:a1');
    expect(replayOrderKey('*')).toBe('replay:*');
    expect(replayOrderKey(null)).toBeNull();
  });
});
