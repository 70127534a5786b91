import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedRule } from '../../../../server/src/domain/feed-rule';
import { Recent, type RecentEvent } from '../../../../server/src/flow/feed/recent';

describe('The events released last', () => {
  it('are read once, however many ask at the same time', async () => {
    const log = makeLog(0);
    await log.recent.moveTo(0);
    log.release(5);
    await Promise.all(Array.from({ length: 1_000 }, () => log.recent.moveTo(5)));
    expect(log.reads).toBe(1);
    expect(numbers(log.recent.shown(everything, 0, 5))).toEqual([1, 2, 3, 4, 5]);
  });

  it('are looked at once for all readers of one rule', async () => {
    const log = makeLog(0);
    let looks = 0;
    const rule = ruleOf(() => {
      looks += 1;
      return true;
    });
    await log.recent.moveTo(0);
    log.release(10);
    await log.recent.moveTo(10);
    for (let reader = 0; reader < 100; reader += 1) log.recent.shown(rule, 0, 10);
    expect(looks).toBe(10);
  });

  it('never show what is for one subscription alone', async () => {
    const log = makeLog(0);
    await log.recent.moveTo(0);
    log.release(2, { targetSubscriptionId: 'sub' });
    log.release(1);
    await log.recent.moveTo(3);
    expect(numbers(log.recent.shown(everything, 0, 3))).toEqual([3]);
  });

  it('begin at the end of the log, and anew where a reader would have to read too much', async () => {
    const log = makeLog(500);
    expect(log.recent.covers(500)).toBe(false);
    await log.recent.moveTo(500);
    expect([499, 500].map((at) => log.recent.covers(at))).toEqual([false, true]);
    log.release(200);
    await log.recent.moveTo(700);
    expect([500, 699, 700].map((at) => log.recent.covers(at))).toEqual([false, false, true]);
    expect(log.reads).toBe(0);
  });

  it('go when there are too many bytes of them', async () => {
    const log = makeLog(0, { events: 100, bytes: 5_000 });
    await log.recent.moveTo(0);
    log.release(10, { body: 'x'.repeat(1_000) });
    await log.recent.moveTo(10);
    expect(log.recent.from).toBe(8);
    expect(log.recent.covers(7)).toBe(false);
    expect(numbers(log.recent.shown(everything, 8, 10))).toEqual([9, 10]);
  });

  it('can be asked for again after they could not be read', async () => {
    const log = makeLog(0);
    await log.recent.moveTo(0);
    log.release(3);
    log.failure = new Error('The database is gone');
    await expect(log.recent.moveTo(3)).rejects.toThrow('The database is gone');
    log.failure = null;
    await log.recent.moveTo(3);
    expect(numbers(log.recent.shown(everything, 0, 3))).toEqual([1, 2, 3]);
  });

  it('show what the log shows, wherever one looks that they cover', async () => {
    const step = fc.record({
      released: fc.integer({ min: 0, max: 40 }),
      after: fc.integer({ min: 0, max: 300 }),
      rule: fc.nat({ max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const log = makeLog(0, { events: 50, bytes: 1_000_000 });
        const rules = [2, 3, 1].map((n) => ruleOf(({ id }) => id % n === 0));
        for (const { released, after, rule } of steps) {
          log.release(released);
          const head = log.events.length;
          await log.recent.moveTo(head);
          if (!log.recent.covers(after)) continue;
          const shown = log.recent.shown(rules[rule] ?? everything, after, head);
          const expected = log.events.filter(
            ({ releaseNumber }) =>
              releaseNumber > after && releaseNumber % ([2, 3, 1][rule] ?? 1) === 0,
          );
          expect(numbers(shown)).toEqual(numbers(expected));
        }
      }),
    );
  });
});

const everything = ruleOf(() => true);

function ruleOf(shows: (event: { id: number }) => boolean): FeedRule {
  return { digest: '', condition: null, shows: shows as unknown as FeedRule['shows'] };
}

function numbers(events: readonly RecentEvent[]): number[] {
  return events.map(({ releaseNumber }) => releaseNumber);
}

interface TestLog {
  events: RecentEvent[];
  reads: number;
  failure: Error | null;
  release(count: number, input?: Parameters<typeof released>[1]): void;
  recent: Recent;
}

/** A log that was released up to a number, and what is kept of it in memory. */
function makeLog(end: number, limits = { events: 100, bytes: 1_000_000 }): TestLog {
  const events: RecentEvent[] = Array.from({ length: end }, (_, index) => released(index + 1));
  const log: TestLog = {
    events,
    reads: 0,
    failure: null,
    release(count, input = {}) {
      for (let n = 0; n < count; n += 1) events.push(released(events.length + 1, input));
    },
    recent: new Recent({
      read: ({ after, upTo, limit }) => {
        log.reads += 1;
        if (log.failure) return Promise.reject(log.failure);
        return Promise.resolve(
          events
            .filter(({ releaseNumber }) => releaseNumber > after && releaseNumber <= upTo)
            .slice(0, limit),
        );
      },
      limits,
    }),
  };
  return log;
}

function released(
  number: number,
  input: { body?: string; targetSubscriptionId?: string } = {},
): RecentEvent {
  return {
    id: number,
    releaseNumber: number,
    targetSubscriptionId: input.targetSubscriptionId ?? null,
    event: { body: input.body ?? '{}' },
  } as RecentEvent;
}
