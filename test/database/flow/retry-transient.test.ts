import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { isTransientDatabaseError } from '../../../server/src/domain/transient-error';
import { retryTransient } from '../../../server/src/flow/retry-transient';
import { STATE, TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { inTransaction, useLog } from '../factory/log';
import { ask, lastNumber } from '../factory/rows';

describeOnEachDatabase(
  'A connection that the server has ended',
  (dialect) => {
    const log = useLog(dialect);

    it('between two queries of a transaction is an error that passes', async () => {
      const error = await inTransaction(log.db, async (trx) => {
        await end(await connectionOf(trx));
        return trx(TABLES.state).select('*');
      }).catch((caught: unknown) => caught);
      expect(isTransientDatabaseError(error), String(error)).toBe(true);
    });

    it('and that is used again afterwards is an error that passes', async () => {
      const errors: unknown[] = [];
      await inTransaction(log.db, async (trx) => {
        await end(await connectionOf(trx));
        const query = () => trx(TABLES.state).select('*');
        await query().catch((error: unknown) => errors.push(error));
        return query();
      }).catch((error: unknown) => errors.push(error));
      expect(errors).toHaveLength(2);
      expect(errors.filter((error) => !isTransientDatabaseError(error)).map(String)).toEqual([]);
    });

    it('in the middle of a query is an error that passes', async () => {
      const error = await inTransaction(log.db, async (trx) => {
        const connection = await connectionOf(trx);
        const sleeping = trx.raw(dialect === 'mysql' ? 'select sleep(20)' : 'select pg_sleep(20)');
        const [result] = await Promise.allSettled([sleeping, endSoon(connection)]);
        if (result.status === 'rejected') throw result.reason;
      }).catch((caught: unknown) => caught);
      expect(isTransientDatabaseError(error), String(error)).toBe(true);
    });

    it('costs no work: it is done again on another one, also when it was lost before the commit', async () => {
      let tries = 0;
      await retryTransient(() =>
        inTransaction(log.db, async (trx) => {
          tries += 1;
          const sequence = () => trx(TABLES.state).where({ name: STATE.sequence });
          await sequence().increment('value', 5);
          if (tries === 1) await end(await connectionOf(trx));
          await sequence().increment('value', 1);
          if (tries === 2) await end(await connectionOf(trx));
        }),
      );
      expect(tries).toBe(3);
      expect(await lastNumber(log.db)).toBe(6);
    });

    async function connectionOf(trx: Knex): Promise<number> {
      const own = dialect === 'mysql' ? 'connection_id()' : 'pg_backend_pid()';
      const [answer] = await ask<{ id: number }>(trx, `select ${own} as id`);
      return answer!.id;
    }

    /** Ends a connection, and waits until it is gone. */
    async function end(id: number): Promise<void> {
      if (dialect === 'mysql') {
        await log.db.raw(`kill ${id}`);
      } else {
        await log.db.raw('select pg_terminate_backend(?, 5000)', [id]);
      }
      // The client hears of it a moment later.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }

    async function endSoon(id: number): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await end(id);
    }
  },
  ['postgres', 'mysql'],
);
