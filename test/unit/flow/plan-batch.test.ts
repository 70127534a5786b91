import { describe, expect, it } from 'vitest';
import { planBatch } from '../../../server/src/flow/plan-batch';
import type { Route } from '../../../server/src/flow/route';
import type { Verdict } from '../../../server/src/flow/verdicts';
import type { UnsequencedEvent } from '../../../server/src/store/sequence-events';

type Answer = Verdict | { kind: 'unknown' | 'pending' };

const event = (id: number, subjectId = `subject-${id}`): UnsequencedEvent => ({
  id,
  eventId: `event-${id}`,
  eventType: 'entry.updated',
  subjectType: 'api::show.show',
  subjectId,
  locale: null,
  changed: [],
  scope: null,
  items: null,
  targetSubscriptionId: null,
  occurredAt: new Date(0),
  approval: null,
  sequenceNumber: null,
});

const route = (subscriptionId: string, rest: Partial<Route> = {}): Route => ({
  subscriptionId,
  open: true,
  outside: false,
  matches: () => true,
  condition: null,
  orderKey: () => null,
  coalesceMs: 0,
  batch: null,
  ...rest,
});

/** Plans with one subscription without a condition, and one with; tells who gets which event. */
function plan(events: UnsequencedEvent[], answers: Record<number, Answer>) {
  const routes = [
    route('all'),
    route('some', { condition: 'c', matches: ({ id }) => id in answers }),
  ];
  const { planned, questions } = planBatch(
    events,
    routes,
    ({ eventRef }) => answers[eventRef] ?? { kind: 'unknown' },
  );
  return {
    numbered: planned.map((one) => one.event.id),
    owed: planned.map(({ owed }) =>
      owed.map(({ routed: { route: to }, failure }) => `${to.subscriptionId}${failure ? '!' : ''}`),
    ),
    asked: questions.map(({ eventRef }) => eventRef),
  };
}

const yes: Answer = { kind: 'yes' };
const no: Answer = { kind: 'no' };
const failed: Answer = { kind: 'failed', reason: 'too slow' };
const unknown: Answer = { kind: 'unknown' };
const pending: Answer = { kind: 'pending' };

describe('a plan', () => {
  it('owes an event to whose condition holds, to whose it cannot be said, and to who has none', () => {
    expect(plan([event(1), event(2), event(3), event(4)], { 1: yes, 2: no, 3: failed })).toEqual({
      numbered: [1, 2, 3, 4],
      owed: [['all', 'some'], ['all'], ['all', 'some!'], ['all']],
      asked: [],
    });
  });

  it('ends before an event of which something is unknown, and asks of all the others too', () => {
    expect(
      plan([event(1), event(2), event(3), event(4)], { 2: unknown, 4: unknown }),
    ).toMatchObject({ numbered: [1], asked: [2, 4] });
  });

  it('leaves out an event whose condition is slow, and goes on behind it', () => {
    expect(plan([event(1), event(2), event(3)], { 1: pending, 3: yes })).toMatchObject({
      numbered: [2, 3],
      asked: [],
    });
  });

  it('leaves out what else there is of its subject, and still asks of it', () => {
    const events = [event(1, 'a'), event(2, 'a'), event(3, 'b'), event(4, 'a'), event(5, 'b')];
    expect(plan(events, { 1: pending, 4: unknown })).toMatchObject({
      numbered: [3, 5],
      asked: [4],
    });
  });

  it('asks nothing for an event that is for one subscription alone', () => {
    const only = { ...event(1), targetSubscriptionId: 'some' };
    expect(plan([only], { 1: unknown })).toEqual({ numbered: [1], owed: [['some']], asked: [] });
  });
});
