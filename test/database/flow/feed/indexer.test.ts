import { expect, it } from 'vitest';
import type { FeedRule } from '../../../../server/src/domain/feed-rule';
import type { Evaluation } from '../../../../server/src/flow/expression/ports';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import { addEvents, addEventsCounted } from '../../factory/facts';
import { makeFeedSide } from '../../factory/feeds';
import { useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';
import { oneTo } from '../../factory/series';

const DAY = 86_400_000;

describeOnEachDatabase('The index of a feed', (dialect) => {
  const log = useLog(dialect);
  const items = async (): Promise<number[]> => {
    const rows: { release_number: unknown }[] = await log
      .db(TABLES.feedItems)
      .orderBy('release_number')
      .select('release_number');
    return rows.map((row) => Number(row.release_number));
  };

  it('holds what the rule shows, and each subject with its newest event', async () => {
    const side = makeFeedSide(log.db);
    await addEvents(log.db, [
      { type: 'entry.created', subject: 'a' },
      { type: 'entry.updated', subject: 'a' },
      { type: 'entry.created', subject: 'a', locale: 'de' },
      { type: 'entry.deleted', subject: 'b', onlyTo: 'a-subscription' },
      { type: 'entry.created', subject: 'b' },
    ]);
    await makeProcess(log.db).sequence();
    const view = await side.views.use(ruleOf(({ eventType }) => eventType !== 'entry.gone'));
    expect(await side.indexer.catchUp(view, 5, 1_000)).toBe(true);
    expect(await items()).toEqual([1, 2, 3, 5]);
    const records: { subject_id: string; release_number: unknown }[] = await log
      .db(TABLES.feedRecords)
      .orderBy('release_number')
      .select('subject_id', 'release_number');
    expect(records.map((row) => [row.subject_id, Number(row.release_number)])).toEqual([
      ['a', 2],
      ['a', 3],
      ['b', 5],
    ]);
  });

  it('is moved on by one of several processes at a time, and by none twice', async () => {
    await addEventsCounted(log.db, 1_200);
    await makeProcess(log.db).sequence();
    const sides = log.processes(4).map((db) => makeFeedSide(db));
    const rule = ruleOf(() => true);
    const done = await Promise.all(
      sides.map(async ({ views, indexer }) =>
        indexer.catchUp(await views.use(rule), 1_200, 20_000),
      ),
    );
    expect(done.some((there) => there)).toBe(true);
    expect(await items()).toEqual(oneTo(1_200));
    for (const { views } of sides) {
      const view = await views.use(rule);
      await views.follow(view);
      expect(view.indexedUntil).toBe(1_200);
    }
    expect(await log.db(TABLES.feedViews)).toHaveLength(1);
  });

  it('keeps nothing of a step that failed', async () => {
    await addEventsCounted(log.db, 10);
    await makeProcess(log.db).sequence();
    let failing = true;
    const side = makeFeedSide(log.db, {
      transaction: (run) => (work) =>
        run(async (trx) => {
          const result = await work(trx);
          if (failing) throw new Error('The connection was lost');
          return result;
        }),
    });
    const view = await side.views.use(ruleOf(() => true));
    await expect(side.indexer.catchUp(view, 10, 1_000)).rejects.toThrow('The connection was lost');
    expect(await items()).toEqual([]);
    failing = false;
    expect(await side.indexer.catchUp(view, 10, 1_000)).toBe(true);
    expect(await items()).toEqual(oneTo(10));
  });

  it('leaves out what a condition does not hold for, or fails on, and tells of it', async () => {
    const answers: Record<string, Evaluation> = {
      yes: { kind: 'value', json: 'true' },
      no: { kind: 'value', json: 'false' },
      bad: { kind: 'refused', reason: 'it fails' },
    };
    const side = makeFeedSide(log.db, {
      evaluate: ({ input }) =>
        Promise.resolve(answers[(JSON.parse(input) as { payload: string }).payload]!),
    });
    await addEvents(
      log.db,
      ['yes', 'no', 'bad', 'yes'].map((payload) => ({ payload })),
    );
    await makeProcess(log.db).sequence();
    const rule = ruleOf(() => true, 'payload');
    const view = await side.views.use(rule);
    expect((await side.after(rule, { position: 0, limit: 10 })).numbers).toEqual([]);
    expect(await side.indexer.catchUp(view, 4, 1_000)).toBe(true);
    expect((await side.after(rule, { position: 0, limit: 10 })).numbers).toEqual([1, 4]);
    expect((await side.before(rule, { upTo: null, limit: 10 })).numbers).toEqual([4, 1]);
    expect(side.problems).toEqual([expect.stringContaining('it fails')]);
  });

  it('waits before an event whose condition did not come to its end, and no reader passes it', async () => {
    let busy = true;
    const side = makeFeedSide(log.db, {
      evaluate: ({ input }) => {
        const late = (JSON.parse(input) as { payload: string }).payload === 'late';
        return Promise.resolve(
          late && busy
            ? { kind: 'unfinished', reason: 'too long' }
            : { kind: 'value', json: 'true' },
        );
      },
    });
    await addEvents(log.db, [{ payload: 'a' }, { payload: 'late' }, { payload: 'b' }]);
    await makeProcess(log.db).sequence();
    const rule = ruleOf(() => true, 'payload');
    const view = await side.views.use(rule);
    expect(await side.indexer.catchUp(view, 3, 1_000)).toBe(false);
    const first = await side.after(rule, { position: 0, limit: 10 });
    expect(first).toMatchObject({ numbers: [1], reached: 1, hasMore: true });
    expect(side.problems).toEqual([expect.stringContaining('too long')]);
    busy = false;
    expect(await side.indexer.catchUp(view, 3, 1_000)).toBe(true);
    const second = await side.after(rule, { position: first.reached, limit: 10 });
    expect(second.numbers).toEqual([2, 3]);
  });

  it('is removed when nobody has used it for long, and made again by who comes back', async () => {
    let now = Date.now();
    const clock = { now: () => new Date(now) };
    const [used, unused] = [ruleOf(() => true), ruleOf(() => true)];
    const side = makeFeedSide(log.db, { clock });
    await addEventsCounted(log.db, 700);
    await makeProcess(log.db).sequence();
    for (const rule of [used, unused]) {
      await side.indexer.catchUp(await side.views.use(rule), 700, 5_000);
    }
    now += 31 * DAY;
    await side.views.use(used);
    const later = makeFeedSide(log.db, { clock });
    later.indexer.start();
    await expect
      .poll(async () => (await log.db(TABLES.feedViews)).length, { timeout: 20_000 })
      .toBe(1);
    await later.indexer.stop();
    expect(await items()).toHaveLength(700);
    const again = await side.after(unused, { position: 0, limit: 1_000 });
    expect(again.numbers).toEqual(oneTo(700));
  });
});

let made = 0;

function ruleOf(shows: FeedRule['shows'], condition: string | null = null): FeedRule {
  made += 1;
  return { digest: `rule-${made}`, shows, condition };
}
