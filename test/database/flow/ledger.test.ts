import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { retryTransient } from '../../../server/src/flow/retry-transient';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import type { Answer, ReceivedRequest } from '../../support/receiver';
import { waitFor } from '../../support/wait-for';
import { addEvents, addSubscription } from '../factory/facts';
import { useLog, type TestLog } from '../factory/log';
import { seededRandom } from '../factory/random';
import { storedAttempts, storedDeliveries, type StoredDelivery } from '../factory/rows';
import { oneTo } from '../factory/series';
import { useWorkers } from '../factory/workers';

const EVENTS = 200;
const SUBJECTS = 40;
const RETRY = [0, 0.01, 0.02, 0.01];

type Verdict = 'delivered' | 'transient' | 'permanent';

/** What the receiver makes of an attempt: by chance, but the same whenever and by whomever it is sent. */
function answerTo(attempt: { key: string; subscription: string; number: number }): {
  answer: Answer;
  verdict: Verdict;
} {
  const text = `${attempt.key} ${attempt.subscription} ${attempt.number}`;
  const chance = createHash('sha256').update(text).digest().readUInt8(0) % 16;
  if (chance < 8) return { verdict: 'delivered', answer: { status: 204, delay: chance } };
  // Long enough for another worker to take the delivery over meanwhile.
  if (chance < 9) return { verdict: 'delivered', answer: { status: 204, delay: 300 } };
  if (chance < 11) return { verdict: 'transient', answer: { status: 500 } };
  if (chance < 13) return { verdict: 'transient', answer: { reset: true } };
  if (chance < 15) return { verdict: 'transient', answer: { status: 503, delay: 20 } };
  return { verdict: 'permanent', answer: { status: 404 } };
}

/** How a delivery must end, and after how many attempts. */
function fateOf(delivery: StoredDelivery): { status: string; attempts: number } {
  for (const number of oneTo(RETRY.length)) {
    const { eventId, subscriptionId } = delivery;
    const { verdict } = answerTo({ key: eventId, subscription: subscriptionId, number });
    if (verdict === 'delivered') return { status: 'delivered', attempts: number };
    if (verdict === 'permanent') return { status: 'dead', attempts: number };
  }
  return { status: 'dead', attempts: RETRY.length };
}

describeOnEachDatabase('The ledger', (dialect) => {
  const log = useLog(dialect);
  const { receiver, running, make } = useWorkers(log);

  beforeEach(() => receiver.answerBy((request) => answerTo(attemptOf(request)).answer));

  const start = async (index: number, leaseMs = 300) => {
    const settings = { leaseMs, flushMs: 5, claimSize: 25, pollMs: 20 };
    const process = make({ settings }, log.processes(3)[index]);
    await process.start();
    return process;
  };

  it('of receiver and log agrees after a few hundred events, whatever happens on the way', async () => {
    const random = seededRandom(7);
    const subscriptions: string[] = [];
    for (const order of ['per_subject', 'none', 'strict'] as const) {
      const delivery = { order, retry: RETRY, concurrency: 16 };
      // The strict one sends one after the other: a share of the events is enough for it.
      const event_types = order === 'strict' ? ['entry.created'] : ['entry.*'];
      subscriptions.push(
        await addSubscription(log.db, { url: receiver.url(), event_types, delivery }),
      );
    }
    // The second one's heartbeat is minutes away: when its leases run out, it is as good as dead, and does not know.
    const workers = [await start(0), await start(1, 600_000)];
    let working = true;
    const expireOnAndOn = async () => {
      for (; working; await sleep(60)) await expireSomeLeases(log, random.next());
    };
    const deliverAll = async () => {
      for (let added = 0; added < EVENTS; added += 20) {
        const events = Array.from({ length: 20 }, () => ({
          type: random.below(8) === 0 ? 'entry.created' : 'entry.updated',
          subject: `subject-${random.below(SUBJECTS)}`,
        }));
        await addEvents(log.db, events);
        await workers[0]!.sequence();
        for (const { deliverer } of running) deliverer.wake();
        if (added === 100) {
          // A deployment in the middle of it: one process ends, the next begins.
          await running.shift()?.stop();
          await start(2);
        }
        await sleep(random.below(20));
      }
      await waitFor(async () => {
        const open = await log
          .db(TABLES.deliveries)
          .whereIn('subscription_id', subscriptions)
          .whereNot({ settled: true })
          .first('id');
        return !open;
      }, 25_000);
    };
    await Promise.all([deliverAll().finally(() => (working = false)), expireOnAndOn()]);
    for (const process of running.splice(0)) await process.stop();
    const lines = workers.flatMap((worker) => worker.lines.map(({ message }) => message));
    expect(lines.filter((line) => line.startsWith('Results came too late'))).not.toEqual([]);

    const owed = (await storedDeliveries(log.db)).filter(({ eventType }) =>
      eventType.startsWith('entry.'),
    );
    expectOneDeliveryEach(owed, subscriptions);
    for (const delivery of owed) {
      const { status, attempts } = fateOf(delivery);
      expect(delivery).toMatchObject({ status, attempts, settled: true, leaseToken: null });
      expect(delivery.reason === null).toBe(status === 'delivered');
    }
    await expectAttempts(owed);
    expectReceived(owed, receiver.requests);
    expectInOrder(owed, receiver.requests);
  });

  function expectOneDeliveryEach(owed: StoredDelivery[], subscriptions: string[]): void {
    const [perSubject, unordered, strict] = subscriptions.map((id) =>
      owed.filter(({ subscriptionId }) => subscriptionId === id),
    );
    const numbers = (deliveries: StoredDelivery[] | undefined) =>
      deliveries?.map(({ eventId }) => eventId) ?? [];
    expect(new Set(numbers(perSubject)).size).toBe(EVENTS);
    expect(numbers(perSubject)).toHaveLength(EVENTS);
    expect(numbers(unordered)).toEqual(numbers(perSubject));
    const created = perSubject?.filter(({ eventType }) => eventType === 'entry.created');
    expect(numbers(strict)).toEqual(numbers(created));
  }

  async function expectAttempts(owed: StoredDelivery[]): Promise<void> {
    const recorded = new Map<number, [number, string][]>();
    for (const { deliveryRef, number, outcome } of await storedAttempts(log.db)) {
      recorded.set(deliveryRef, [...(recorded.get(deliveryRef) ?? []), [number, outcome]]);
    }
    for (const { id, eventId, subscriptionId, attempts } of owed) {
      const expected = oneTo(attempts).map((number) => [
        number,
        answerTo({ key: eventId, subscription: subscriptionId, number }).verdict,
      ]);
      expect(recorded.get(id)).toEqual(expected);
    }
  }
});

/** As if the processes that hold them had been silent for too long: others take the deliveries over. */
async function expireSomeLeases(log: TestLog, share: number): Promise<void> {
  const leases: { token: string }[] = await log.db(TABLES.leases).select('token');
  const tokens = leases
    .map(({ token }) => token)
    .filter((_token, index) => index < leases.length * share * 0.5);
  await retryTransient(async () =>
    log
      .db(TABLES.leases)
      .whereIn('token', tokens)
      .update({ expires_at: Date.now() - 1 }),
  );
}

/** Each recorded attempt has arrived, and nothing has that was not owed. */
function expectReceived(owed: StoredDelivery[], requests: ReceivedRequest[]): void {
  const name = (attempt: { key: string; subscription: string; number: number }) =>
    `${attempt.key} ${attempt.subscription} ${attempt.number}`;
  const arrived = new Set(requests.map((request) => name(attemptOf(request))));
  const recorded = owed.flatMap(({ eventId, subscriptionId, attempts }) =>
    oneTo(attempts).map((number) => name({ key: eventId, subscription: subscriptionId, number })),
  );
  expect([...arrived].sort()).toEqual([...new Set(recorded)].sort());
}

/** An event begins to be sent only when the one before it with the same order key is settled. */
function expectInOrder(owed: StoredDelivery[], requests: ReceivedRequest[]): void {
  const firstSeen = new Map<string, number>();
  for (const [index, { headers }] of requests.entries()) {
    const id = headers['x-delivery-id'] ?? '';
    if (!firstSeen.has(id)) firstSeen.set(id, index);
  }
  const latest = new Map<number, number>();
  for (const { orderHash: lane, deliveryId } of owed) {
    if (lane === null) continue;
    const seen = firstSeen.get(deliveryId) ?? -1;
    expect(seen).toBeGreaterThan(latest.get(lane) ?? -1);
    latest.set(lane, seen);
  }
}

function attemptOf({ headers }: ReceivedRequest) {
  return {
    key: headers['x-idempotency-key'] ?? '',
    subscription: headers['x-subscription-id'] ?? '',
    number: Number(headers['x-delivery-attempt']),
  };
}
