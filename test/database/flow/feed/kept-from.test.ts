import { expect, it } from 'vitest';
import { KeptFrom } from '../../../../server/src/flow/feed/kept-from';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { addEventsCounted } from '../../factory/facts';
import { useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';

const DAY = 86_400_000;

describeOnEachDatabase('Where a feed begins', (dialect) => {
  const log = useLog(dialect);
  const now = Date.now();
  const keptFrom = () => new KeptFrom({ db: () => log.db, clock: { now: () => new Date(now) } });

  /** A release a day, the last one now; number 1 is the oldest. */
  async function daily(count: number): Promise<void> {
    await addEventsCounted(log.db, count);
    await makeProcess(log.db).sequence();
    await log
      .db(TABLES.events)
      .update({ released_at: log.db.raw('? - (? - release_number) * ?', [now, count, DAY]) });
  }

  it('is before its first event while nothing is too old', async () => {
    await daily(5);
    expect(await keptFrom().position(null, 5)).toBe(0);
    expect(await keptFrom().position(30, 5)).toBe(0);
  });

  it('is after the last event that is too old', async () => {
    await daily(40);
    for (const days of [1, 2, 7, 38, 39]) {
      expect(await keptFrom().position(days, 40)).toBe(40 - days - 1);
    }
    await log.db(TABLES.events).update({ released_at: 0 });
    expect(await keptFrom().position(1, 40)).toBe(40);
  });

  it('is found where events are gone, and after those that are gone from the beginning', async () => {
    await daily(40);
    await log
      .db(TABLES.events)
      .whereIn('release_number', [1, 2, 3, 20, 21, 22, 23, 24, 25])
      .delete();
    expect(await keptFrom().position(null, 40)).toBe(3);
    // Numbers 20 to 25 are gone, and 19 is too old: nothing up to 25 is there.
    for (const days of [15, 17, 20]) {
      const position = await keptFrom().position(days, 40);
      expect(position).toBeGreaterThanOrEqual(19);
      expect(position).toBeLessThanOrEqual(40 - days - 1 < 19 ? 19 : 40 - days - 1);
    }
    expect(await keptFrom().position(30, 40)).toBe(9);
  });

  it('is the end of a log that has nothing any more', async () => {
    await daily(3);
    await log.db(TABLES.events).delete();
    expect(await keptFrom().position(null, 3)).toBe(3);
    expect(await keptFrom().position(7, 3)).toBe(3);
  });

  it('is asked for once a minute', async () => {
    await daily(3);
    let time = now;
    const kept = new KeptFrom({ db: () => log.db, clock: { now: () => new Date(time) } });
    expect(await kept.position(null, 3)).toBe(0);
    await log.db(TABLES.events).where({ release_number: 1 }).delete();
    time += 59_000;
    expect(await kept.position(null, 3)).toBe(0);
    time += 1_000;
    expect(await kept.position(null, 3)).toBe(1);
  });
});
