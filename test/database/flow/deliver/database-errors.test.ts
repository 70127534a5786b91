import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { waitFor } from '../../../support/wait-for';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeProcess, type ProcessInput } from '../../factory/process';
import { countByStatus, storedAttempts, storedDeliveries } from '../../factory/rows';
import { useWorkers } from '../../factory/workers';

describeOnEachDatabase('Delivering while the database has a bad moment', (dialect) => {
  const log = useLog(dialect);
  const { receiver, make } = useWorkers(log);

  const start = async (index: number, input: ProcessInput = {}) => {
    const process = make(input, log.processes(2)[index]);
    await process.sequence();
    await process.start();
    return process;
  };
  const owe = async (count: number) => {
    await addSubscription(log.db, { url: receiver.url(), delivery: { order: 'none' } });
    await addEventsCounted(log.db, count);
  };
  const delivered = (count: number) =>
    waitFor(async () => {
      const statuses = countByStatus(await storedDeliveries(log.db));
      return statuses.delivered === count;
    });
  const keys = () => receiver.requests.map(({ headers }) => headers['x-idempotency-key']);

  it('writes a result again when the error is one that passes', async () => {
    await owe(5);
    const errors = failingWithResults('40P01', 3);
    await start(0, { transaction: errors.transaction });
    await delivered(5);

    expect(errors.left()).toBe(0);
    expect(new Set(keys()).size).toBe(5);
    expect(receiver.requests).toHaveLength(5);
    expect(await storedAttempts(log.db)).toHaveLength(5);
  });

  it('sends again what it could not write down, with the same idempotency key', async () => {
    await owe(3);
    const errors = failingWithResults('XX001', 1);
    const { transaction } = errors;
    const process = await start(0, { transaction, settings: { leaseMs: 600 } });
    await delivered(3);

    expect(errors.left()).toBe(0);
    expect(receiver.requests.length).toBeGreaterThan(3);
    expect(new Set(keys()).size).toBe(3);
    const attempts = receiver.requests.map(({ headers }) => headers['x-delivery-attempt']);
    expect(new Set(attempts)).toEqual(new Set(['1']));
    expect(await storedAttempts(log.db)).toHaveLength(3);
    expect(process.lines.map(({ message }) => message)).toContain(
      'Results of deliveries could not be written; they will be sent again',
    );
  });

  it('goes on claiming when the database is back', async () => {
    await owe(2);
    await makeProcess(log.db).sequence();
    const errors = failing('XX001', 2);
    const process = make({ transaction: errors.transaction });
    await process.start();
    await delivered(2);
    expect(process.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  it('makes no fuss of a claim that comes to nothing for a moment', async () => {
    await owe(2);
    await makeProcess(log.db).sequence();
    const errors = failing('ER_LOCK_DEADLOCK', 2);
    const process = make({ transaction: errors.transaction });
    await process.start();
    await delivered(2);
    expect(errors.left()).toBe(0);
    expect(process.lines).toEqual([]);
  });

  it('takes over what a worker has left without a sign of life, and heeds no late result', async () => {
    await owe(1);
    receiver.answerBy((_request, count) =>
      count === 0 ? { status: 404, delay: 700 } : { status: 204 },
    );
    // Its next heartbeat is minutes away: for everybody else it is as good as dead.
    const late = await start(0, { settings: { leaseMs: 600_000 } });
    await receiver.received(1);
    await log.db(TABLES.leases).update({ expires_at: Date.now() - 1 });
    await start(1, { settings: { leaseMs: 600 } });
    await delivered(1);
    const [settled] = await storedDeliveries(log.db);

    await waitFor(() => late.lines.length > 0);
    expect(late.lines).toMatchObject([{ level: 'warn', details: { results: 1 } }]);
    expect(new Set(keys()).size).toBe(1);
    expect(receiver.requests).toHaveLength(2);
    expect(await storedDeliveries(log.db)).toEqual([settled]);
    expect(await storedAttempts(log.db)).toMatchObject([{ number: 1, outcome: 'delivered' }]);
  });

  it('keeps its leases by a heartbeat for as long as a request takes', async () => {
    await owe(1);
    receiver.answer({ status: 204, delay: 1_500 });
    await start(0, { settings: { leaseMs: 600 } });
    await start(1, { settings: { leaseMs: 600 } });
    await delivered(1);
    expect(receiver.requests).toHaveLength(1);
  });
});

interface Failing {
  transaction: NonNullable<ProcessInput['transaction']>;
  /** Failures still to come. */
  left(): number;
}

/** A transaction port that fails so many times, before anything is done. */
function failing(code: string, times: number): Failing {
  let left = times;
  return {
    left: () => left,
    transaction: (run) => (work) => {
      if (left === 0) return run(work);
      left -= 1;
      return Promise.reject(databaseError(code));
    },
  };
}

/** A transaction port that fails so many times when results have been written, before they are committed. */
function failingWithResults(code: string, times: number): Failing {
  let left = times;
  const countAttempts = async (trx: Knex) => (await trx(TABLES.attempts).select('id')).length;
  return {
    left: () => left,
    transaction: (run) => (work) =>
      run(async (trx) => {
        const before = await countAttempts(trx);
        const result = await work(trx);
        if (left > 0 && (await countAttempts(trx)) > before) {
          left -= 1;
          throw databaseError(code);
        }
        return result;
      }),
  };
}

const databaseError = (code: string) =>
  Object.assign(new Error('the database has a bad moment'), { code });
