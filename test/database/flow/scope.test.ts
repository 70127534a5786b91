import { expect, it } from 'vitest';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { addEvents, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries } from '../factory/rows';

describeOnEachDatabase('The scope of events', (dialect) => {
  const log = useLog(dialect);

  it('is kept with them, and decides to whom they are owed', async () => {
    const british = await addSubscription(log.db, {
      filter: { scope: { territories: ['gb'], genres: [], content_types: [] } },
    });
    const drama = await addSubscription(log.db, {
      filter: { scope: { territories: [], genres: ['drama'], content_types: ['series'] } },
    });
    const silent = { territories: null, genres: null, content_types: null };
    await addEvents(log.db, [
      { scope: { ...silent, territories: ['GB', 'IE'] } },
      { scope: { ...silent, territories: ['FR'], genres: ['drama'] } },
      { scope: { territories: [], genres: ['drama', 'crime'], content_types: ['film'] } },
      {},
    ]);
    await makeProcess(log.db).sequence();

    const deliveries = await storedDeliveries(log.db);
    const owed = (id: string) =>
      deliveries
        .filter(({ subscriptionId }) => subscriptionId === id)
        .map(({ sequenceNumber }) => sequenceNumber);
    expect(owed(british)).toEqual([1, 4]);
    expect(owed(drama)).toEqual([1, 2, 4]);
    const rows = await log
      .db(TABLES.events)
      .orderBy('id')
      .select<{ scope: string | null }[]>('scope');
    expect(rows.map(({ scope }) => scope && (JSON.parse(scope) as unknown))).toEqual([
      { ...silent, territories: ['GB', 'IE'] },
      { ...silent, territories: ['FR'], genres: ['drama'] },
      { territories: [], genres: ['drama', 'crime'], content_types: ['film'] },
      null,
    ]);
  });
});
