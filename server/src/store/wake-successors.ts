import { isAnyOf } from './conditions';
import { toNumber } from './database';
import type { Database } from './database';
import { oldestInOrder } from './order-hash';
import { TABLES } from './tables';

/**
 * Makes due what waited for these deliveries, which were settled in this very transaction: of each order key the oldest
 * that is still unsettled. It is updated whether it is parked or not, because only the update waits for a claim that is
 * parking it just now; a select would still see it due, and pass it over.
 *
 * @param ids deliveries that have an order key; a few hundred at most.
 * @returns how many there are that may be due now.
 */
export async function wakeSuccessors(trx: Database, ids: number[], now: Date): Promise<number> {
  if (ids.length === 0) {
    return 0;
  }
  const rows = await trx(`${TABLES.deliveries} as d`)
    .whereRaw(...isAnyOf(trx, 'd.id', ids))
    .select<{ next: unknown }[]>(oldestInOrder(trx, 'd').as('next'));
  const successors = [
    ...new Set(rows.flatMap((row) => (row.next === null ? [] : [toNumber(row.next)]))),
  ];
  if (successors.length > 0) {
    // Found by id alone: asked for the status too, MySQL may walk, and lock, all that is waiting.
    await trx(TABLES.deliveries)
      .whereRaw(...isAnyOf(trx, 'id', successors))
      .update({
        // Due since it was made, not since now: a clock that is set back later would put that off again.
        due_at: trx.raw(
          `case when status <> 'waiting' or due_at is not null then due_at
            when created_at < ? then created_at else ? end`,
          [now.getTime(), now.getTime()],
        ),
      });
  }
  return successors.length;
}
