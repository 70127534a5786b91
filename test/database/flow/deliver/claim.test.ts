import { expect, it } from 'vitest';
import { claim } from '../../../../server/src/flow/deliver/claim';
import type { Room } from '../../../../server/src/flow/deliver/claim';
import { ownTransaction } from '../../../../server/src/store/database';
import { describeOnEachDatabase } from '../../../support/databases';
import { addEventsCounted, addSubscription } from '../../factory/facts';
import { newId, useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';

describeOnEachDatabase('A claim', (dialect) => {
  const log = useLog(dialect);

  const claimWith = (room: (id: string) => Room, busy: string[] = []) => {
    const now = new Date();
    const lease = { token: newId(), until: new Date(now.getTime() + 30_000) };
    return ownTransaction(log.db, (trx) =>
      claim(trx, { now, limit: 50, after: '', busy, room, lease }),
    );
  };

  // A lane that was passed over asks again when it has room; else nobody would before the next look by the clock.
  it('tells of whom it could have taken more, had there been room', async () => {
    const ids = [];
    for (let made = 0; made < 5; made += 1) ids.push(await addSubscription(log.db));
    const [enough, all, full, crowded, limited] = ids as [string, string, string, string, string];
    await addEventsCounted(log.db, 2);
    await makeProcess(log.db).sequence();
    const rooms: Record<string, Room> = {
      [enough]: { hold: 5, begin: 5, ratePerSecond: null },
      [all]: { hold: 1, begin: 1, ratePerSecond: null },
      [crowded]: { hold: 0, begin: 0, ratePerSecond: null },
      [limited]: { hold: 5, begin: 0, ratePerSecond: 100 },
    };

    const { claimed, filled } = await claimWith((id) => rooms[id]!, [full]);

    expect([...filled].sort()).toEqual([all, full, crowded, limited].sort());
    const taken = claimed.map(({ subscriptionId }) => subscriptionId);
    expect([...taken].sort()).toEqual([enough, enough, all].sort());
  });
});
