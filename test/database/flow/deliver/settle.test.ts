import { expect, it } from 'vitest';
import type { Outcome } from '../../../../server/src/domain/outcome';
import { milliseconds } from '../../../../server/src/domain/retry';
import { attempt, type Job, type Settled } from '../../../../server/src/flow/deliver/attempt';
import type { Target } from '../../../../server/src/flow/deliver/ports';
import { settle } from '../../../../server/src/flow/deliver/settle';
import { readEventBodies } from '../../../../server/src/store/read-event-bodies';
import { holdSubscription } from '../../../../server/src/store/subscription-state';
import { describeOnEachDatabase } from '../../../support/databases';
import { claim } from '../../factory/claims';
import { addEvents, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';
import {
  configVersion,
  storedAttempts,
  storedDeliveries,
  storedEvents,
  storedSubscription,
} from '../../factory/rows';

const SECOND = 1_000;

const answered = (status: number, reason: string) => ({
  statusCode: status,
  errorCode: null,
  reason,
});
const NO_CONTENT: Outcome = {
  kind: 'delivered',
  ...answered(204, 'The endpoint answered 204 No Content'),
  statusCode: 204,
  errorCode: null,
};
const NOT_FOUND: Outcome = {
  kind: 'permanent',
  ...answered(404, 'The endpoint answered 404 Not Found'),
};
const GONE: Outcome = {
  kind: 'permanent',
  ...answered(410, 'The endpoint answered 410 Gone; the subscription is disabled'),
  disable: true,
};
const busyFor = (seconds: number): Outcome => ({
  kind: 'transient',
  ...answered(429, 'The endpoint answered 429 Too Many Requests'),
  retryAfterMs: milliseconds(seconds * SECOND),
});

describeOnEachDatabase('Settling attempts', (dialect) => {
  const log = useLog(dialect);
  const now = new Date(Date.now() + 60 * SECOND);
  const clock = { now: () => now, random: () => 0 };

  /** Claims all that is owed, and makes an attempt of each that comes to what `outcomeOf` says. */
  const attempted = async (outcomeOf: (sequenceNumber: number) => Outcome) => {
    const process = makeProcess(log.db, { clock });
    await process.sequence();
    const targets = await process.deliverPorts.targets();
    const claimed = await claim(log.db, { now: new Date(now.getTime() + 3_600 * SECOND) });
    const bodies = await readEventBodies(
      log.db,
      claimed.map(({ eventRef }) => eventRef),
    );
    const results: Settled[] = [];
    for (const delivery of claimed) {
      const event = bodies.get(delivery.eventRef)!;
      const job: Job = { delivery, event, batch: null, backlog: 1, probe: false, size: 0 };
      const outcome = outcomeOf(job.event.sequenceNumber);
      const target = answering(targets.get(delivery.subscriptionId)!, outcome);
      const context = { clock, version: '0.0.0', signal: new AbortController().signal };
      results.push(await attempt(job, target, context));
    }
    return { process, results };
  };

  it('holds the whole subscription for as long as its endpoint asks, at the longest', async () => {
    const asking = await addSubscription(log.db, { delivery: { order: 'none' } });
    const other = await addSubscription(log.db, { event_types: ['nothing.of.this'] });
    await addEvents(log.db, [{}, {}, {}]);
    const { process, results } = await attempted((number) =>
      number === 2 ? busyFor(600) : busyFor(30),
    );

    await settle(process.deliverPorts, results);

    const until = new Date(now.getTime() + 600 * SECOND);
    expect(await storedSubscription(log.db, asking)).toMatchObject({
      state: 'active',
      heldUntil: until,
    });
    expect(await storedSubscription(log.db, other)).toMatchObject({ heldUntil: null });
    expect(await storedDeliveries(log.db)).toMatchObject([
      { status: 'waiting', dueAt: new Date(now.getTime() + 30 * SECOND), scheduleStep: 1 },
      { status: 'waiting', dueAt: until, scheduleStep: 1 },
      { status: 'waiting', dueAt: new Date(now.getTime() + 30 * SECOND), scheduleStep: 1 },
    ]);
    expect(await claim(log.db, { now: new Date(until.getTime() - 1) })).toEqual([]);
    expect(await claim(log.db, { now: until })).toHaveLength(3);
  });

  it('never shortens a wait that is there already', async () => {
    const asking = await addSubscription(log.db);
    const long = new Date(now.getTime() + 900 * SECOND);
    await addEvents(log.db, [{}]);
    const { process, results } = await attempted(() => busyFor(30));
    await holdSubscription(log.db, asking, long);
    await settle(process.deliverPorts, results);
    expect(await storedSubscription(log.db, asking)).toMatchObject({ heldUntil: long });
  });

  it('disables a subscription whose endpoint is gone, and says so once', async () => {
    const gone = await addSubscription(log.db, { name: 'Old desk', delivery: { order: 'none' } });
    const other = await addSubscription(log.db, { event_types: ['nothing.of.this'] });
    await addEvents(log.db, [{}, {}, {}]);
    const { process, results } = await attempted(() => GONE);
    const version = await configVersion(log.db);

    await settle(process.deliverPorts, results.slice(0, 2));

    expect(await storedSubscription(log.db, gone)).toMatchObject({
      state: 'disabled',
      stateReason: GONE.reason,
    });
    expect(await storedSubscription(log.db, other)).toMatchObject({ state: 'active' });
    expect(await configVersion(log.db)).toBe(version + 1);

    await settle(process.deliverPorts, results.slice(2));

    expect(await configVersion(log.db)).toBe(version + 1);
    const raised = (await storedEvents(log.db)).slice(3);
    const told = raised.filter(({ eventType }) => eventType === 'webhook.subscription_disabled');
    expect(told).toMatchObject([
      {
        status: 'unsequenced',
        body: {
          subject: { type: 'plugin::newswire.subscription', id: gone },
          payload: { subscription_id: gone, subscription_name: 'Old desk', reason: GONE.reason },
        },
      },
    ]);
    expect(raised).toHaveLength(4);
    expect((await storedDeliveries(log.db)).map(({ status }) => status)).toEqual(
      Array(3).fill('dead'),
    );
  });

  it('raises an event for a dead letter, with its facts', async () => {
    const subscription = await addSubscription(log.db, {
      name: 'Contracts desk',
      event_types: ['entry.updated'],
      delivery: { order: 'none' },
    });
    await addEvents(log.db, [{}, {}]);
    const { process, results } = await attempted((number) =>
      number === 1 ? NOT_FOUND : NO_CONTENT,
    );
    let woken = 0;
    const ports = { ...process.deliverPorts, eventsInserted: () => void (woken += 1) };

    expect((await settle(ports, results)).kept).toHaveLength(2);

    const [dead] = await storedDeliveries(log.db);
    const [failed] = await storedEvents(log.db);
    const raised = (await storedEvents(log.db)).slice(2);
    expect(raised).toMatchObject([
      {
        eventType: 'webhook.delivery_failed',
        status: 'unsequenced',
        body: {
          actor: { type: 'system' },
          subject: { type: 'plugin::newswire.subscription', id: subscription },
          payload: {
            subscription_id: subscription,
            subscription_name: 'Contracts desk',
            delivery_id: dead?.deliveryId,
            event_id: failed?.eventId,
            event_type: 'entry.updated',
            attempts: 1,
            reason: 'The endpoint answered 404 Not Found',
            status_code: 404,
            error_code: null,
          },
        },
      },
    ]);
    expect(woken).toBe(1);
  });

  it('raises no event for the dead letter of an event that is itself operational', async () => {
    await addSubscription(log.db);
    const types = ['webhook.delivery_failed', 'webhook.subscription_paused', 'webhook.test'];
    await addEvents(
      log.db,
      types.map((type) => ({ type })),
    );
    const { process, results } = await attempted(() => NOT_FOUND);
    await settle(process.deliverPorts, results);
    expect(await storedEvents(log.db)).toHaveLength(types.length);
    expect((await storedDeliveries(log.db)).map(({ status }) => status)).toEqual(
      Array(3).fill('dead'),
    );
  });

  it('draws no consequence from the result of a late worker, and counts it', async () => {
    const subscription = await addSubscription(log.db, { delivery: { order: 'none' } });
    await addEvents(log.db, [{}, {}, {}]);
    const { process, results } = await attempted(
      (number) => [NOT_FOUND, GONE, busyFor(600)][number - 1]!,
    );
    const late = results.map((result) => ({ ...result, leaseToken: 'of a worker long gone' }));

    expect(await settle(process.deliverPorts, late)).toEqual({ kept: [], closed: [], due: false });

    expect(await storedSubscription(log.db, subscription)).toEqual({
      state: 'active',
      stateReason: null,
      heldUntil: null,
    });
    expect(await storedEvents(log.db)).toHaveLength(3);
    expect(await storedAttempts(log.db)).toEqual([]);
    expect(
      (await storedDeliveries(log.db)).map(({ status, attempts }) => [status, attempts]),
    ).toEqual(Array(3).fill(['sending', 0]));
    expect(process.lines).toMatchObject([{ level: 'warn', details: { results: 3 } }]);
  });
});

/** The subscription's own target, but for its endpoint. */
function answering(target: Target, outcome: Outcome): Target {
  return {
    ...target,
    send: (_body, headers) =>
      Promise.resolve({
        outcome,
        startedAt: new Date(),
        durationMs: 1,
        request: { headers },
        response: null,
      }),
  };
}
