import { afterEach, expect, it } from 'vitest';
import type { Evaluation, ExpressionJob } from '../../../server/src/flow/expression/ports';
import type { Evaluator } from '../../../server/src/flow/expression/evaluator';
import { sequenceBatch } from '../../../server/src/flow/sequence';
import { Verdicts } from '../../../server/src/flow/verdicts';
import { bumpConfigVersion } from '../../../server/src/store/config-version';
import { findSubscription, updateSubscription } from '../../../server/src/store/subscriptions';
import { describeOnEachDatabase } from '../../support/databases';
import { makeEvaluator } from '../../support/sandbox';
import { waitFor } from '../../support/wait-for';
import { addEvents, addSubscription } from '../factory/facts';
import { inTransaction, useLog } from '../factory/log';
import { makeProcess, type TestProcess } from '../factory/process';
import { storedDeliveries, storedEvents } from '../factory/rows';
import { oneTo } from '../factory/series';

describeOnEachDatabase('Filter conditions', (dialect) => {
  const log = useLog(dialect);
  let evaluator: Evaluator | undefined;

  afterEach(() => {
    evaluator?.close();
    evaluator = undefined;
  });

  /** With a real sandbox, whose process is there: its start would make the first condition a slow one. */
  const sandboxed = async (timeBoxMs = 5_000) => {
    evaluator = makeEvaluator({ timeBoxMs });
    await evaluator.evaluate({ kind: 'condition', source: 'true', input: '{}' });
    return makeProcess(log.db, { evaluate: (job) => evaluator!.evaluate(job) });
  };
  const sequenceAll = async (process: TestProcess) => {
    await waitFor(
      async () => {
        await process.sequence();
        return !(await numbers()).includes(null);
      },
      15_000,
      'all events to be numbered',
    );
  };

  /** Answers by hand: a condition is what the test says of it, when it says so. */
  const byHand = () => {
    const asked: { job: ExpressionJob; answer: (evaluation: Evaluation) => void }[] = [];
    const inside: boolean[] = [];
    const process = makeProcess(log.db, {
      evaluate: (job) => {
        inside.push(process.transactions.inside());
        return new Promise((answer) => asked.push({ job, answer }));
      },
    });
    return { process, asked, inside };
  };
  const says = (value: boolean): Evaluation => ({ kind: 'value', json: String(value) });
  const conditional = (condition: string, event_types = ['entry.*']) =>
    addSubscription(log.db, { event_types, filter: { condition } });
  const owed = async () =>
    (await storedDeliveries(log.db)).map(({ subscriptionId, sequenceNumber, status }) => ({
      subscriptionId,
      sequenceNumber,
      status,
    }));
  const numbers = async () =>
    (await storedEvents(log.db)).map(({ sequenceNumber }) => sequenceNumber);

  it('are evaluated on the event as it is sent, but for its number', async () => {
    const wanted = await conditional(
      'payload.name = "Lee" and event_type = "entry.updated" and subject.id = "s1" and producer_id = "test" and "title" in changed',
    );
    await addEvents(log.db, [
      { subject: 's1', payload: { name: 'Lee' } },
      { subject: 's1', payload: { name: 'Ana' } },
      { subject: 's2', payload: { name: 'Lee' } },
    ]);
    await sequenceAll(await sandboxed());
    expect(await owed()).toEqual([
      { subscriptionId: wanted, sequenceNumber: 1, status: 'waiting' },
    ]);
  });

  it('are asked of no event that the rest of the filter refuses', async () => {
    const { process, asked } = byHand();
    await conditional('c', ['executive.*']);
    await addSubscription(log.db, { filter: { condition: 'd', locales: ['de'] } });
    await addSubscription(log.db, { state: 'disabled', filter: { condition: 'e' } });
    await addEvents(log.db, [{ locale: 'en' }, { locale: 'fr' }]);
    expect(await process.sequence()).toMatchObject({ events: 2, deliveries: 0 });
    expect(asked).toEqual([]);
  });

  it('are evaluated in no transaction', async () => {
    const { process, asked, inside } = byHand();
    await conditional('c');
    await addEvents(log.db, [{}, {}]);
    await sequenceBatch(process.sequencerPorts, 500);
    for (const { answer } of asked) answer(says(true));
    await settled();
    await process.sequence();
    expect(await owed()).toHaveLength(2);
    expect(inside).toEqual([false, false]);
  });

  it('that answer soon leave the events in the order of capture', async () => {
    const evaluate = ({ source }: ExpressionJob) => Promise.resolve(says(source === 'yes'));
    const process = makeProcess(log.db, { evaluate });
    await conditional('yes', ['entry.updated']);
    await conditional('no');
    await addEvents(
      log.db,
      oneTo(40).map((n) => ({ type: n % 3 === 0 ? 'entry.updated' : 'executive.created' })),
    );
    await process.sequence(7);
    expect(await numbers()).toEqual(oneTo(40));
    expect(await owed()).toHaveLength(13);
  });

  it('lose no event and owe none twice, whatever they answer', async () => {
    const all = await addSubscription(log.db);
    const some = await conditional('payload.n % 2 = 0');
    await addEvents(
      log.db,
      oneTo(60).map((n) => ({ subject: `s${n % 7}`, payload: { n } })),
    );
    await sequenceAll(await sandboxed());
    const deliveries = await owed();
    const sent = (id: string) =>
      deliveries
        .filter(({ subscriptionId }) => subscriptionId === id)
        .map(({ sequenceNumber }) => sequenceNumber);
    expect(sent(all).sort((a, b) => a - b)).toEqual(oneTo(60));
    expect(sent(some)).toHaveLength(30);
  });

  it('hold up no event of another subject while they are evaluated', async () => {
    const { process, asked } = byHand();
    const slow = await conditional('slow', ['entry.updated']);
    await addEvents(log.db, [
      { type: 'entry.updated', subject: 'a' },
      { type: 'entry.created', subject: 'b' },
      { type: 'entry.created', subject: 'a' },
      { type: 'entry.created', subject: 'c' },
    ]);
    await process.sequence();
    expect(await numbers()).toEqual([null, 1, null, 2]);

    asked[0]?.answer(says(true));
    await settled();
    await process.sequence();
    expect(await numbers()).toEqual([3, 1, 4, 2]);
    expect(await owed()).toEqual([{ subscriptionId: slow, sequenceNumber: 3, status: 'waiting' }]);
  });

  it('take no place in a batch from what can be numbered', async () => {
    const { process } = byHand();
    await conditional('slow', ['entry.updated']);
    await addEvents(log.db, [{}, {}, {}, { type: 'entry.created' }, { type: 'entry.created' }]);
    await process.sequence(1);
    expect(await numbers()).toEqual([null, null, null, 1, 2]);
  });

  it('that are changed while they are evaluated are evaluated again, as they are then', async () => {
    const { process, asked } = byHand();
    const changed = await conditional('before');
    await addEvents(log.db, [{}]);
    await process.sequence();
    expect(asked.map(({ job }) => job.source)).toEqual(['before']);

    await inTransaction(log.db, async (trx) => {
      const row = (await findSubscription(trx, changed))!;
      const settings = row.settings as { filter: object };
      const filter = { ...settings.filter, condition: 'after' };
      await updateSubscription(trx, { ...row, settings: { ...settings, filter } });
      await bumpConfigVersion(trx);
    });
    asked[0]?.answer(says(true));
    await settled();
    await process.sequence();
    expect(await numbers()).toEqual([null]);
    expect(asked.map(({ job }) => job.source)).toEqual(['before', 'after']);

    asked[1]?.answer(says(false));
    await settled();
    await process.sequence();
    expect(await numbers()).toEqual([1]);
    expect(await owed()).toEqual([]);
  });

  it('are not asked for again by a change of something else', async () => {
    const { process, asked } = byHand();
    await conditional('c');
    await addEvents(log.db, [{}]);
    await process.sequence();
    await addSubscription(log.db, { event_types: ['executive.*'] });
    asked[0]?.answer(says(true));
    await settled();
    await process.sequence();
    expect(await numbers()).toEqual([1]);
    expect(asked).toHaveLength(1);
  });

  it('that fail make a dead letter that says why, and change nothing for the others', async () => {
    const fine = await addSubscription(log.db, { event_types: ['entry.*'] });
    const wrong = await conditional('payload.name + 1');
    const watcher = await addSubscription(log.db, { event_types: ['webhook.*'] });
    const [event] = await addEvents(log.db, [{ payload: { name: 'Lee' } }]);
    await sequenceAll(await sandboxed());

    const deliveries = await storedDeliveries(log.db);
    expect(deliveries.find(({ subscriptionId }) => subscriptionId === fine)).toMatchObject({
      status: 'waiting',
    });
    const dead = deliveries.find(({ subscriptionId }) => subscriptionId === wrong);
    expect(dead).toMatchObject({
      eventId: event?.eventId,
      status: 'dead',
      settled: true,
      attempts: 0,
      dueAt: null,
      reason: expect.stringMatching(
        /^The filter condition failed: The left side of the "\+" operator must evaluate to a number/,
      ) as unknown,
    });
    expect(dead?.settledAt).toBeInstanceOf(Date);
    const told = (await storedEvents(log.db)).at(-1);
    expect(told).toMatchObject({
      eventType: 'webhook.delivery_failed',
      sequenceNumber: 2,
      body: {
        payload: {
          subscription_id: wrong,
          delivery_id: dead?.deliveryId,
          event_id: event?.eventId,
          attempts: 0,
          reason: dead?.reason,
          status_code: null,
          error_code: 'condition_failed',
        },
      },
    });
    expect(deliveries.filter(({ subscriptionId }) => subscriptionId === watcher)).toHaveLength(1);
  });

  it('that fail keep an event out of the batches of a subscription, and hold it back from nothing', async () => {
    const batch = { max_items: 10, max_wait_seconds: 60 };
    const batched = await addSubscription(log.db, {
      event_types: ['entry.*'],
      shape: { batch },
      filter: { condition: 'by hand' },
    });
    const coalesced = await addSubscription(log.db, {
      event_types: ['entry.*'],
      delivery: { coalesce_seconds: 60 },
      filter: { condition: 'by hand' },
    });
    const process = makeProcess(log.db, {
      evaluate: ({ input }) =>
        Promise.resolve(
          input.includes('wrong') ? { kind: 'refused', reason: 'it is wrong' } : says(true),
        ),
    });
    await addEvents(
      log.db,
      ['fine', 'wrong', 'fine'].map((payload) => ({ subject: 's1', payload })),
    );
    await process.sequence();
    const statuses = async (id: string) =>
      (await storedDeliveries(log.db))
        .filter(({ subscriptionId }) => subscriptionId === id)
        .map(({ sequenceNumber, status }) => [sequenceNumber, status])
        .sort();
    expect(await statuses(batched)).toEqual([
      [1, 'waiting'],
      [2, 'dead'],
    ]);
    expect(await statuses(coalesced)).toEqual([
      [1, 'superseded'],
      [2, 'dead'],
      [3, 'waiting'],
    ]);
  });

  it('that fail on everything, dead letters included, come to an end', async () => {
    await conditional('payload + 1', ['*']);
    await addEvents(log.db, [{ payload: 'text' }]);
    await sequenceAll(await sandboxed());
    expect((await storedEvents(log.db)).map(({ eventType }) => eventType)).toEqual([
      'entry.updated',
      'webhook.delivery_failed',
    ]);
    expect((await owed()).map(({ status }) => status)).toEqual(['dead', 'dead']);
  });

  it('that do not end are dead letters after their time, and nobody else has waited longer', async () => {
    const fine = await addSubscription(log.db, { event_types: ['content.*'] });
    const fast = await conditional('payload.n > 0');
    const hostile = await conditional(
      '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
      ['executive.*'],
    );
    await addEvents(log.db, [
      { type: 'executive.created' },
      ...oneTo(10).map((n) => ({ type: 'entry.updated', payload: { n } })),
      ...oneTo(10).map(() => ({ type: 'content.ready' })),
    ]);
    const process = await sandboxed(3_000);
    await process.sequence();
    const deliveriesOf = async (id: string) =>
      (await storedDeliveries(log.db)).filter(({ subscriptionId }) => subscriptionId === id);
    expect(await deliveriesOf(fine)).toHaveLength(10);
    expect((await numbers())[0]).toBeNull();

    await sequenceAll(process);
    expect(await deliveriesOf(fast)).toHaveLength(10);
    expect(await deliveriesOf(hostile)).toMatchObject([
      { status: 'dead', reason: 'The filter condition failed: it did not end within 3000 ms' },
    ]);
    expect((await numbers()).sort((x, y) => (x ?? 0) - (y ?? 0))).toEqual(oneTo(22));
  });

  it('ask the database nothing where there are none', async () => {
    await addSubscription(log.db);
    const process = makeProcess(log.db);
    const ports = {
      ...process.sequencerPorts,
      verdicts: new Verdicts({
        db: () => {
          throw new Error('asked');
        },
        evaluate: () => Promise.reject(new Error('asked')),
        ready: () => undefined,
      }),
    };
    await addEvents(log.db, [{}, {}, {}]);
    const before = process.transactions.begun;
    const all = { events: 3, deliveries: 3, waiting: 3, lastRelease: 3, more: false };
    expect(await sequenceBatch(ports, 500)).toEqual(all);
    expect(process.transactions.begun - before).toBe(1);
  });
});

/** Lets answers reach those who wait for them. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
