import { expect, it } from 'vitest';
import { cancelOrphans } from '../../../server/src/store/cancel-orphans';
import { deleteSubscription } from '../../../server/src/store/subscriptions';
import { describeOnEachDatabase } from '../../support/databases';
import { addEventsCounted, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries } from '../factory/rows';

describeOnEachDatabase('Cancelling what deleted subscriptions are owed', (dialect) => {
  const log = useLog(dialect);
  const now = new Date();

  const owe = async () => {
    const ids = [await addSubscription(log.db), await addSubscription(log.db)] as const;
    await addEventsCounted(log.db, 2);
    await makeProcess(log.db).sequence();
    return ids;
  };
  const fates = async (id: string) =>
    (await storedDeliveries(log.db))
      .filter(({ subscriptionId }) => subscriptionId === id)
      .map(({ status, reason }) => `${status} ${reason ?? ''}`.trim());

  it('looks at no delivery while the subscriptions are there, however much they are owed', async () => {
    const ids = await owe();
    const statements: string[] = [];
    const note = ({ sql }: { sql: string }) => void statements.push(sql);
    log.db.on('query', note);
    try {
      await cancelOrphans(log.db, { subscriptionIds: [...ids], now });
    } finally {
      log.db.off('query', note);
    }
    expect(statements).toHaveLength(1);
    expect(statements[0]).not.toContain('newswire_deliveries');
  });

  it.each([['of those that are named'], ['of all']])(
    'gives up what is owed to one that is gone, %s',
    async (which) => {
      const [gone, there] = await owe();
      await deleteSubscription(log.db, gone);
      const subscriptionIds = which === 'of all' ? null : [gone, there];
      await cancelOrphans(log.db, { subscriptionIds, now });
      expect(await fates(gone)).toEqual(Array(2).fill('cancelled The subscription was deleted'));
      expect(await fates(there)).toEqual(['waiting', 'waiting']);
    },
  );
});
