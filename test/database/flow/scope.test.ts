import { expect, it } from 'vitest';
import { sequenceBatch } from '../../../server/src/flow/sequence';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { startReceiver } from '../../support/receiver';
import { claim } from '../factory/claims';
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

describeOnEachDatabase('Items with a scope of their own', (dialect) => {
  const log = useLog(dialect);
  const silent = { territories: null, genres: null, content_types: null };
  const payload = { slate: 'Spring', titles: ['harbour', 'rivals'] };
  const items = {
    list: 'titles',
    scopes: [
      { ...silent, territories: ['DE'] },
      { ...silent, territories: ['GB'] },
    ],
  };
  const wanting = (...territories: string[]) => ({
    filter: { scope: { territories, genres: [], content_types: [] } },
  });

  it('reach each subscription that may have them, and nothing is sent where none is left', async () => {
    const receiver = await startReceiver();
    const ids: Record<string, string> = {};
    for (const [name, input] of Object.entries({
      german: wanting('de'),
      both: wanting('DE', 'GB'),
      french: wanting('FR'),
      all: {},
    })) {
      ids[name] = await addSubscription(log.db, { ...input, url: receiver.url(`/${name}`) });
    }
    await addEvents(log.db, [{ type: 'slate.announce', payload, items }]);
    const running = makeProcess(log.db);
    await running.sequence();
    await running.start();
    await receiver.received(3);
    await running.stop();
    const titles = Object.fromEntries(
      receiver.requests.map(({ path, body }) => [
        path,
        (JSON.parse(body.toString()) as { payload: unknown }).payload,
      ]),
    );
    expect(titles).toEqual({
      '/german': { slate: 'Spring', titles: ['harbour'] },
      '/both': payload,
      '/all': payload,
    });
    const deliveries = await storedDeliveries(log.db);
    expect(deliveries.map(({ subscriptionId }) => subscriptionId)).not.toContain(ids['french']);
    await receiver.close();
  });
});

describeOnEachDatabase('An event of high priority', (dialect) => {
  const log = useLog(dialect);

  it('is delivered before others that wait for the same subscription', async () => {
    await addSubscription(log.db, { delivery: { order: 'none', concurrency: 1 } });
    await addEvents(log.db, [{}, {}, { type: 'contract.signatory_changed' }]);
    const { sequencerPorts } = makeProcess(log.db);
    const isUrgent = (type: string) => type === 'contract.signatory_changed';
    await sequenceBatch({ ...sequencerPorts, isUrgent }, 500);
    const claimed = await claim(log.db);
    const events = await log.db(TABLES.events).orderBy('id').select<{ id: unknown }[]>('id');
    const [first, second, urgent] = events.map(({ id }) => Number(id));
    expect(claimed.map(({ eventRef }) => eventRef)).toEqual([urgent, first, second]);
  });
});
