import { expect, it } from 'vitest';
import type { Dialect } from '../../../../server/src/store/database';
import { describeOnEachDatabase } from '../../../support/databases';
import type { ReceivedRequest } from '../../../support/receiver';
import { waitFor } from '../../../support/wait-for';
import { addEvents, addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import type { ProcessInput } from '../../factory/process';
import {
  ask,
  countByStatus,
  storedAttempts,
  storedDeliveries,
  storedEvents,
} from '../../factory/rows';
import { mostAtOnce } from '../../factory/series';
import { useWorkers } from '../../factory/workers';

describeOnEachDatabase('Delivering', (dialect) => {
  const log = useLog(dialect);
  const { receiver, make } = useWorkers(log);

  const start = async (input: ProcessInput = {}) => {
    const process = make(input);
    await process.sequence();
    await process.start();
    return process;
  };
  const statuses = async () => countByStatus(await storedDeliveries(log.db));
  const settled = (count: number) =>
    waitFor(async () => {
      const deliveries = await storedDeliveries(log.db);
      return deliveries.filter((delivery) => delivery.settled).length === count;
    });

  it('sends the bytes of the event, and records the attempt', async () => {
    const subscription = await addSubscription(log.db, { url: receiver.url() });
    await addEvents(log.db, [{ payload: { title: 'Ö’ 🙂' } }]);
    await start();
    await settled(1);

    const [delivery] = await storedDeliveries(log.db);
    const [event] = await storedEvents(log.db);
    const [request] = receiver.requests;
    expect(JSON.parse(String(request?.body))).toEqual({
      sequence_number: 1,
      produced_at: event?.producedAt?.toISOString(),
      ...event?.body,
    });
    expect(request?.headers).toMatchObject({
      'x-idempotency-key': event?.eventId,
      'x-subscription-id': subscription,
      'x-delivery-id': delivery?.deliveryId,
      'x-delivery-attempt': '1',
      'x-delivery-backlog': '1',
    });
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, dueAt: null });
    expect(await storedAttempts(log.db)).toMatchObject([
      { number: 1, outcome: 'delivered', statusCode: 204 },
    ]);
  });

  it('tries again on schedule, with the same bytes and the same idempotency key', async () => {
    await addSubscription(log.db, { url: receiver.url(), delivery: { retry: [0, 0.1, 0.2] } });
    await addEventsCounted(log.db, 1);
    receiver.answer(500, { reset: true }, 200);
    await start();
    await settled(1);

    const { requests } = receiver;
    expect(requests.map(({ headers }) => headers['x-delivery-attempt'])).toEqual(['1', '2', '3']);
    expect(new Set(requests.map(({ headers }) => headers['x-idempotency-key'])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1);
    const [first, second, third] = requests as [ReceivedRequest, ReceivedRequest, ReceivedRequest];
    expect(second.at - first.at).toBeGreaterThanOrEqual(98);
    expect(third.at - second.at).toBeGreaterThanOrEqual(198);
    expect(
      (await storedAttempts(log.db)).map(({ outcome, statusCode }) => [outcome, statusCode]),
    ).toEqual([
      ['transient', 500],
      ['transient', null],
      ['delivered', 200],
    ]);
  });

  it('gives up when the schedule is used up', async () => {
    await addSubscription(log.db, {
      url: receiver.url(),
      event_types: ['entry.*'],
      delivery: { retry: [0, 0] },
    });
    await addEventsCounted(log.db, 1);
    receiver.answer(500);
    await start();
    await settled(1);

    expect(await storedDeliveries(log.db)).toMatchObject([{ status: 'dead', attempts: 2 }]);
    const types = (await storedEvents(log.db)).map(({ eventType }) => eventType);
    expect(types).toEqual(['entry.updated', 'webhook.delivery_failed']);
  });

  it('sends the events of a subject in their order, also when some are tried again', async () => {
    await addSubscription(log.db, { url: receiver.url(), delivery: { retry: [0, 0.02, 0.02] } });
    const subjects = ['lee', 'mara', 'nora'];
    await addEvents(
      log.db,
      Array.from({ length: 30 }, (_, n) => ({ subject: subjects[n % 3]! })),
    );
    const fails = ({ headers }: ReceivedRequest) =>
      Number(headers['x-delivery-attempt']) <= headers['x-idempotency-key']!.charCodeAt(0) % 3;
    receiver.answerBy((request) => ({ status: fails(request) ? 503 : 204 }));
    await start();
    await settled(30);

    const delivered = receiver.requests.filter((request) => !fails(request));
    const events = delivered.map(({ body }) => JSON.parse(String(body)) as Sent);
    for (const subject of subjects) {
      const numbers = events.filter((event) => event.subject.id === subject);
      expect(numbers.map((event) => event.sequence_number)).toEqual(
        Array.from({ length: 10 }, (_, n) => 1 + subjects.indexOf(subject) + 3 * n),
      );
    }
  });

  it('lets nobody wait for slow subscriptions, however much they are owed', async () => {
    const delivery = { order: 'none' as const, concurrency: 2 };
    const slow = ['one', 'two', 'three'];
    for (const name of slow) {
      const event_types = [`slow.${name}`];
      await addSubscription(log.db, { url: receiver.url('/slow'), event_types, delivery });
    }
    await addSubscription(log.db, { url: receiver.url('/fast'), event_types: ['fast.*'] });
    for (const name of slow) {
      await addEvents(
        log.db,
        Array.from({ length: 60 }, () => ({ type: `slow.${name}` })),
      );
    }
    await addEvents(
      log.db,
      Array.from({ length: 20 }, () => ({ type: 'fast.one' })),
    );
    receiver.answerBy(({ path }) => ({ status: 204, delay: path === '/slow' ? 2_000 : 0 }));
    await start({ settings: { claimSize: 50, concurrency: 60, drainMs: 0 } });

    await waitFor(() => on('/fast').length === 20, 1_500);
    // A new socket may be behind those that the fast one has used again.
    await waitFor(() => on('/slow').length >= 6, 1_000);
    expect(on('/slow').length).toBe(6);
  });

  it('never has more requests under way than a subscription allows', async () => {
    const limits = { '/three': 3, '/five': 5 };
    for (const [path, concurrency] of Object.entries(limits)) {
      const delivery = { order: 'none' as const, concurrency };
      await addSubscription(log.db, { url: receiver.url(path), delivery });
    }
    await addEventsCounted(log.db, 30);
    receiver.answer({ status: 204, delay: 20 });
    await start();
    await settled(60);

    for (const [path, concurrency] of Object.entries(limits)) {
      expect(mostAtOnce(on(path), 20)).toBe(concurrency);
    }
  });

  it('never has more requests under way than the process allows', async () => {
    const delivery = { order: 'none' as const, concurrency: 8 };
    for (const path of ['/a', '/b', '/c']) {
      await addSubscription(log.db, { url: receiver.url(path), delivery });
    }
    await addEventsCounted(log.db, 20);
    receiver.answer({ status: 204, delay: 20 });
    await start({ settings: { concurrency: 5 } });
    await settled(60);

    expect(mostAtOnce(receiver.requests, 20)).toBe(5);
  });

  it('writes results many to a transaction', async () => {
    const delivery = { order: 'none' as const, concurrency: 64 };
    await addSubscription(log.db, { url: receiver.url(), delivery });
    await addEventsCounted(log.db, 200);
    receiver.answer({ status: 204, delay: 30 });
    const { transactions } = await start({ settings: { flushMs: 20 } });
    await settled(200);

    // Claims and results together: for each of the 200 alone there would be 200 of the latter.
    expect(transactions.begun).toBeLessThan(60);
    expect(await statuses()).toEqual({ delivered: 200 });
    expect(await storedAttempts(log.db)).toHaveLength(200);
  });

  it('has no transaction open while a request is under way', async () => {
    await addSubscription(log.db, { url: receiver.url() });
    await addEventsCounted(log.db, 1);
    let open = 0;
    const process = await start({
      settings: { pollMs: 10_000, leaseMs: 60_000 },
      transaction: (run) => (work) => {
        open += 1;
        return run(work).finally(() => (open -= 1));
      },
    });
    receiver.answer({ status: 204, delay: 1_000 });
    await receiver.received(1);

    // A claim that was asked for meanwhile may still be at it; it ends long before the answer comes.
    await waitFor(() => open === 0);
    expect(await openTransactions()).toBe(0);
    expect(await statuses()).toEqual({ sending: 1 });
    await settled(1);
    expect(process.transactions.begun).toBeGreaterThan(1);
  });

  it('sends nothing from inside a transaction, however much goes on', async () => {
    const delivery = { order: 'none' as const, retry: [0, 0] };
    for (const path of ['/a', '/b']) {
      await addSubscription(log.db, {
        url: receiver.url(path),
        event_types: ['entry.*'],
        delivery,
      });
    }
    await addEventsCounted(log.db, 100);
    receiver.answerBy((_request, count) => ({ status: count % 4 === 0 ? 500 : 204 }));
    const process = await start({ settings: { claimSize: 10, flushMs: 1 } });
    await settled(200);
    expect(process.sentInTransaction).toBe(false);
    expect(process.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  const on = (path: string) => receiver.requests.filter((request) => request.path === path);

  /** Of this database, as its server sees it; on SQLite a transaction would hold the only connection. */
  async function openTransactions(): Promise<number> {
    const [answer] = await ask<{ n: unknown }>(log.db, OPEN_TRANSACTIONS[dialect]);
    return Number(answer?.n);
  }
});

const OPEN_TRANSACTIONS: Record<Dialect, string> = {
  sqlite: 'select 0 as n',
  postgres: `select count(*) as n from pg_stat_activity
    where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()`,
  mysql: `select count(*) as n from information_schema.innodb_trx t
    join information_schema.processlist p on p.id = t.trx_mysql_thread_id
    where p.db = database() and p.id <> connection_id()`,
};

interface Sent {
  sequence_number: number;
  subject: { id: string };
}
