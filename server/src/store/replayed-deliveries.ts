import { chunksOf } from './case-by-id';
import { toNumber } from './database';
import type { Database } from './database';
import { settleUnsent } from './settle-unsent';
import { TABLES } from './tables';
import { wakeSuccessors } from './wake-successors';

/** Rows of one update. */
const CHUNK = 500;

/** How many deliveries of a replay are not settled; counts no further than `limit`. */
export async function countUnsettledReplayed(
  db: Database,
  replayRef: number,
  limit: number,
): Promise<number> {
  const unsettled = db(TABLES.deliveries)
    .where({ replay_ref: replayRef })
    .whereRaw('settled = false')
    .select('id')
    .limit(limit);
  const row = (await db.from(unsettled.as('unsettled')).count({ rows: '*' }).first()) as {
    rows: unknown;
  };
  return toNumber(row.rows);
}

/** Deliveries of these replays by status, by row id of the replay. */
export async function countReplayed(
  db: Database,
  replayRefs: number[],
): Promise<Map<number, Record<string, number>>> {
  const counts = new Map<number, Record<string, number>>(replayRefs.map((ref) => [ref, {}]));
  if (replayRefs.length === 0) {
    return counts;
  }
  const rows = await db(TABLES.deliveries)
    .whereIn('replay_ref', replayRefs)
    .groupBy('replay_ref', 'status')
    .select('replay_ref', 'status')
    .count<{ replay_ref: unknown; status: string; deliveries: unknown }[]>({ deliveries: '*' });
  for (const row of rows) {
    const known = counts.get(toNumber(row.replay_ref));
    if (known) {
      known[row.status] = toNumber(row.deliveries);
    }
  }
  return counts;
}

/**
 * Gives up the deliveries of a replay that still wait, and lets go on what waited for them; what is being sent ends by
 * itself. In a transaction of its own, at READ COMMITTED.
 *
 * @returns how many.
 */
export async function cancelReplayed(
  trx: Database,
  input: { replayRef: number; reason: string; now: Date },
): Promise<number> {
  const rows = await trx(TABLES.deliveries)
    .where({ replay_ref: input.replayRef, status: 'waiting' })
    .whereRaw('settled = false')
    .orderBy('id')
    .forUpdate()
    .select<{ id: unknown; order_hash: unknown }[]>('id', 'order_hash');
  const chunks = chunksOf(rows, CHUNK);
  for (const chunk of chunks) {
    const ids = chunk.map(({ id }) => toNumber(id));
    const { reason, now } = input;
    await settleUnsent(trx(TABLES.deliveries).whereIn('id', ids), {
      status: 'cancelled',
      reason,
      now,
    });
  }
  for (const chunk of chunks) {
    const ordered = chunk.filter((row) => row.order_hash !== null);
    await wakeSuccessors(
      trx,
      ordered.map(({ id }) => toNumber(id)),
      input.now,
    );
  }
  return rows.length;
}
