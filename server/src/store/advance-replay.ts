import type { Database } from './database';
import { TABLES } from './tables';

/** What a step leaves behind. */
export interface ReplayAdvance {
  /** Deliveries made in this step. */
  made: number;
  position: number;
  nextAt: Date;
  reason: string | null;
  /** True when no further delivery is to be made. */
  allMade: boolean;
}

/**
 * Takes a replay's row for the step that was leased under `token`. Whoever ends a replay takes its lease away.
 *
 * @returns false when it may not be written any more: it was ended, or another process has taken it over.
 */
export async function holdReplayLease(
  trx: Database,
  input: { id: number; token: string },
): Promise<boolean> {
  const query = trx(TABLES.replays)
    .where({ id: input.id, lease_token: input.token })
    .first('id')
    .forUpdate();
  return Boolean(await query);
}

/** Keeps what a step has done and gives the lease back; in the transaction that makes the step's deliveries. */
export async function advanceReplay(
  trx: Database,
  id: number,
  { made, position, nextAt, reason, allMade }: ReplayAdvance,
): Promise<void> {
  await trx(TABLES.replays)
    .where({ id })
    .increment('scheduled', made)
    .update({
      position,
      reason,
      next_at: nextAt.getTime(),
      lease_token: null,
      lease_until: null,
      ...(allMade ? { making_for: null } : {}),
    });
}

/** Puts a replay's next step off and gives the lease back. */
export async function postponeReplay(
  db: Database,
  input: { id: number; token: string; nextAt: Date },
): Promise<void> {
  await db(TABLES.replays)
    .where({ id: input.id, lease_token: input.token })
    .update({ next_at: input.nextAt.getTime(), lease_token: null, lease_until: null });
}
