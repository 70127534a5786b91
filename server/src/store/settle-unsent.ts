import type { Knex } from 'knex';

/**
 * Settles deliveries without an attempt: given up, or replaced by newer ones. What waited for them is the caller's to wake.
 *
 * @param deliveries which of them; none that is being sent.
 * @returns how many there were.
 */
export function settleUnsent(
  deliveries: Knex.QueryBuilder,
  input: { status: 'cancelled' | 'superseded'; reason: string; now: Date },
): Promise<number> {
  return deliveries.update<number>({
    status: input.status,
    settled: true,
    reason: input.reason,
    due_at: null,
    settled_at: input.now.getTime(),
  });
}
