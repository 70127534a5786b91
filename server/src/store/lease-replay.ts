import { forUpdateSkipLocked, toDateOrNull } from './database';
import type { Database } from './database';
import { toReplay } from './replays';
import type { ReplayRow } from './replays';
import { TABLES } from './tables';

/**
 * Leases the open replay that has waited longest for its next step, so that one process at a time works on it. A lease
 * that its process has not given back in time is free again.
 *
 * @returns null when there is nothing to do now.
 */
export async function leaseReplay(
  trx: Database,
  input: { now: Date; token: string; until: Date },
): Promise<ReplayRow | null> {
  const now = input.now.getTime();
  const query = trx(TABLES.replays)
    .where({ open: true })
    .where('next_at', '<=', now)
    .where((free) => free.whereNull('lease_until').orWhere('lease_until', '<=', now))
    .orderBy([{ column: 'next_at' }, { column: 'id' }])
    .first('*');
  const row = (await forUpdateSkipLocked(trx, query)) as Record<string, unknown> | undefined;
  if (!row) {
    return null;
  }
  const lease = { lease_token: input.token, lease_until: input.until.getTime() };
  await trx(TABLES.replays)
    .where({ id: row['id'] as number })
    .update(lease);
  return toReplay({ ...row, ...lease });
}

/** When the next open replay that nobody has leased is due; null when there is none. */
export async function nextReplayAt(db: Database, now: Date): Promise<Date | null> {
  const row = (await db(TABLES.replays)
    .where({ open: true })
    .where((free) => free.whereNull('lease_until').orWhere('lease_until', '<=', now.getTime()))
    .min({ next_at: 'next_at' })
    .first()) as { next_at: unknown } | undefined;
  return toDateOrNull(row?.next_at);
}
