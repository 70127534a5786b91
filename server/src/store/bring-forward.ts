import { isWaiting } from './conditions';
import type { Database } from './database';
import { TABLES } from './tables';

/** What happens in the future by less than this was written by another process whose clock is a little ahead. */
const TOLERANCE_MS = 1_000;

/** `Retry-After` holds a subscription for a day at the most (spec §4). */
const LONGEST_HOLD_MS = 24 * 3_600_000;

/**
 * Brings forward what was put off by a clock that has been set back since: a delivery whose last attempt, or whose
 * making, lies in the future waits from now on for as long as it was to wait from then. What has been brought forward
 * is due before that instant, so that nothing is brought forward twice, whoever else notices.
 *
 * What a circuit breaker or `Retry-After` holds back has no such instant: it is held no longer than it could be from now.
 *
 * Walks over all that waits for a later time: for a start and for a clock that was set back, not for every claim.
 *
 * @returns how many deliveries.
 */
export async function bringForward(
  trx: Database,
  input: { now: Date; firstProbeMs: number },
): Promise<number> {
  const now = input.now.getTime();
  const retried = await trx(TABLES.deliveries)
    .whereRaw(isWaiting())
    .where('due_at', '>', now)
    .whereExists(lastAttempt(trx).where('started_at', '>', now + TOLERANCE_MS))
    .where('due_at', '>=', lastAttempt(trx))
    .update({ due_at: trx.raw('due_at - (?) + ?', [lastAttempt(trx), now]) });
  const fresh = await trx(TABLES.deliveries)
    .whereRaw(isWaiting())
    .where('due_at', '>', now)
    .where('created_at', '>', now + TOLERANCE_MS)
    .whereRaw('due_at >= created_at')
    .update({ due_at: trx.raw('due_at - created_at + ?', [now]) });
  await shorten(trx, 'probe_at', now + input.firstProbeMs);
  await shorten(trx, 'held_until', now + LONGEST_HOLD_MS);
  return retried + fresh;
}

function lastAttempt(trx: Database) {
  return trx(`${TABLES.attempts} as a`)
    .whereRaw(`a.delivery_ref = ${TABLES.deliveries}.id`)
    .whereRaw(`a.number = ${TABLES.deliveries}.attempts`)
    .select('a.started_at')
    .orderBy('a.id', 'desc')
    .limit(1);
}

async function shorten(trx: Database, column: 'probe_at' | 'held_until', latest: number) {
  await trx(TABLES.subscriptions)
    .where(column, '>', latest)
    .update({ [column]: latest });
}
