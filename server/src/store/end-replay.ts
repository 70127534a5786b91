import type { Database } from './database';
import { TABLES } from './tables';

interface Ending {
  state: 'cancelled' | 'failed';
  reason: string;
  now: Date;
}

/**
 * Ends open replays: from the commit on, no process makes a delivery for them. What still waits is cancelled by
 * `cancelReplayed`; they stay open until nothing of theirs is on its way.
 *
 * @returns how many there were.
 */
export async function endReplays(
  trx: Database,
  which: { id: number } | { subscription_id: string },
  { state, reason, now }: Ending,
): Promise<number> {
  return trx(TABLES.replays)
    .where({ ...which, open: true })
    .whereIn('state', ['running', 'failed'])
    .update({
      state,
      reason: reason.slice(0, 500),
      making_for: null,
      lease_token: null,
      lease_until: null,
      next_at: now.getTime(),
      finished_at: now.getTime(),
    });
}

/** Closes a replay of which nothing is on its way any more, with what became of its deliveries. */
export async function closeReplay(
  db: Database,
  input: { id: number; counts: Record<string, number>; now: Date },
): Promise<void> {
  await db(TABLES.replays)
    .where({ id: input.id, state: 'running' })
    .update({ state: 'done', reason: null, finished_at: input.now.getTime() });
  await db(TABLES.replays)
    .where({ id: input.id })
    .update({
      open: false,
      making_for: null,
      final_counts: JSON.stringify(input.counts),
      lease_token: null,
      lease_until: null,
    });
}
