import { expect, it } from 'vitest';
import { findDelivery, listAttempts } from '../../../server/src/store/delivery-log';
import { describeOnEachDatabase } from '../../support/databases';
import { claim, settle, settlementOf } from '../factory/claims';
import { addEventsCounted, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { countByStatus, storedAttempts, storedDeliveries } from '../factory/rows';

describeOnEachDatabase('Settling deliveries', (dialect) => {
  const log = useLog(dialect);
  const now = new Date();

  const claimed = async (count: number) => {
    await addSubscription(log.db, { delivery: { order: 'none' } });
    await addEventsCounted(log.db, count);
    await makeProcess(log.db).sequence();
    return claim(log.db, { limit: count });
  };

  it('writes what was delivered, what is tried again and what is dead, in one go', async () => {
    const [delivered, retried, dead] = await claimed(3);
    const dueAt = new Date(now.getTime() + 10_000);
    const settlements = [
      settlementOf(delivered!),
      settlementOf(retried!, {
        status: 'waiting',
        reason: 'The endpoint answered 503 Service Unavailable',
        dueAt,
        attempt: { outcome: 'transient', statusCode: 503 },
      }),
      settlementOf(dead!, {
        status: 'dead',
        reason: 'Refused by the network policy: it’s 10.0.0.5?; nothing was sent',
        attempt: { outcome: 'blocked', statusCode: null, errorCode: 'blocked_by_network_policy' },
      }),
    ];

    expect(await settle(log.db, settlements, now)).toEqual(settlements);

    const free = { leaseToken: null };
    expect(await storedDeliveries(log.db)).toMatchObject([
      {
        status: 'delivered',
        settled: true,
        reason: null,
        dueAt: null,
        settledAt: now,
        attempts: 1,
        ...free,
      },
      {
        status: 'waiting',
        settled: false,
        reason: 'The endpoint answered 503 Service Unavailable',
        dueAt,
        settledAt: null,
        attempts: 1,
        scheduleStep: 1,
        ...free,
      },
      {
        status: 'dead',
        settled: true,
        reason: 'Refused by the network policy: it’s 10.0.0.5?; nothing was sent',
        dueAt: null,
        settledAt: now,
        attempts: 1,
        ...free,
      },
    ]);
    expect(await storedAttempts(log.db)).toMatchObject([
      { deliveryRef: delivered?.id, number: 1, outcome: 'delivered', statusCode: 204 },
      { deliveryRef: retried?.id, number: 1, outcome: 'transient', statusCode: 503 },
      {
        deliveryRef: dead?.id,
        number: 1,
        outcome: 'blocked',
        statusCode: null,
        errorCode: 'blocked_by_network_policy',
      },
    ]);
  });

  it('keeps an attempt as it was, and counts the next one', async () => {
    const [first] = await claimed(1);
    const attempt = {
      startedAt: new Date(now.getTime() - 1_234),
      durationMs: 987,
      outcome: 'transient' as const,
      statusCode: 500,
      errorCode: null,
      requestHeaders: { 'X-Event-Type': 'entry.updated', 'X-Custom': '••••' },
      requestBody: null,
      responseHeaders: { 'content-type': 'text/plain; charset=utf-8' },
      responseBody: 'Ö’\n"\\{}?🙂',
      responseTruncated: true,
    };
    await settle(log.db, [settlementOf(first!, { status: 'waiting', dueAt: now, attempt })]);
    const [second] = await claim(log.db, { now });
    expect(second).toMatchObject({ id: first?.id, attempts: 1, scheduleStep: 1 });
    await settle(log.db, [settlementOf(second!)]);

    const delivery = await findDelivery(log.db, first!.deliveryId);
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 2 });
    const [kept, last] = await listAttempts(log.db, first!.id);
    expect(kept).toEqual({ number: 1, ...attempt });
    expect(last).toMatchObject({ number: 2, outcome: 'delivered', responseTruncated: false });
  });

  it('keeps texts that look like the syntax of a list, and half a character, without mixing up rows', async () => {
    const texts = [
      'NULL',
      '{a,b}',
      'a,"b"',
      '',
      '\\',
      '"',
      "'); drop table x; --",
      '🙂'.slice(0, 1),
    ];
    const deliveries = await claimed(texts.length);
    const settlements = deliveries.map((delivery, index) =>
      settlementOf(delivery, {
        attempt: { responseBody: texts[index]!, errorCode: index % 2 === 0 ? null : 'NULL' },
      }),
    );
    await settle(log.db, settlements);

    const kept = await Promise.all(deliveries.map(({ id }) => listAttempts(log.db, id)));
    const bodies = kept.flat().map(({ responseBody }) => responseBody);
    expect(bodies.slice(0, -1)).toEqual(texts.slice(0, -1));
    expect(bodies.at(-1)).toMatch(/^\uFFFD+$/);
    expect(kept.flat().map(({ errorCode }) => errorCode)).toEqual(
      texts.map((_, index) => (index % 2 === 0 ? null : 'NULL')),
    );
  });

  it('writes a result once, however often it comes', async () => {
    const [delivery] = await claimed(1);
    const dead = settlementOf(delivery!, { status: 'dead', reason: 'late' });
    expect(await settle(log.db, [settlementOf(delivery!)], now)).toHaveLength(1);
    expect(await settle(log.db, [dead], new Date(now.getTime() + 1_000))).toEqual([]);

    expect(await storedDeliveries(log.db)).toMatchObject([
      { status: 'delivered', reason: null, attempts: 1, settledAt: now },
    ]);
    expect(await storedAttempts(log.db)).toHaveLength(1);
  });

  it('writes the results that are still wanted and leaves the others of the batch alone', async () => {
    const deliveries = await claimed(4);
    const settlements = deliveries.map((delivery, index) =>
      settlementOf(
        index % 2 === 0 ? delivery : { ...delivery, leaseToken: 'of a worker long gone' },
      ),
    );

    const kept = await settle(log.db, settlements, now);

    expect(kept).toEqual([settlements[0], settlements[2]]);
    const statuses = (await storedDeliveries(log.db)).map(({ status }) => status);
    expect(statuses).toEqual(['delivered', 'sending', 'delivered', 'sending']);
    const attempted = (await storedAttempts(log.db)).map(({ deliveryRef }) => deliveryRef);
    expect(attempted).toEqual([deliveries[0]?.id, deliveries[2]?.id]);
  });

  it('writes hundreds of results of all kinds at once', async () => {
    const deliveries = await claimed(250);
    const dueAt = new Date(now.getTime() + 5_000);
    const kinds = [
      { status: 'delivered' },
      { status: 'waiting', dueAt, reason: 'The endpoint answered 500 Internal Server Error' },
      { status: 'dead', reason: 'The endpoint answered 404 Not Found' },
    ] as const;
    const settlements = deliveries.map((delivery, index) =>
      settlementOf(delivery, kinds[index % kinds.length]),
    );

    expect(await settle(log.db, settlements, now)).toHaveLength(250);

    const stored = await storedDeliveries(log.db);
    expect(countByStatus(stored)).toEqual({ delivered: 84, waiting: 83, dead: 83 });
    const byId = new Map(stored.map((delivery) => [delivery.id, delivery]));
    for (const { id, status, reason, dueAt: due } of settlements) {
      expect(byId.get(id)).toMatchObject({ status, reason, dueAt: due, attempts: 1 });
    }
    expect(await storedAttempts(log.db)).toHaveLength(250);
  });
});
