import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** What the results of a subscription's attempts have come to so far. */
export interface HealthRow {
  id: string;
  state: string;
  failures: number;
  failingSince: Date | null;
  /** Set while the circuit breaker is open. */
  probeAt: Date | null;
  probesFailed: number;
}

/** Of these subscriptions those with failures on record: where all is well, a success changes nothing. */
export async function selectUnwell(db: Database, ids: string[]): Promise<string[]> {
  if (ids.length === 0) {
    return [];
  }
  const rows = await db(TABLES.subscriptions)
    .whereIn('id', ids)
    .where((unwell) => unwell.where('consecutive_failures', '>', 0).orWhereNotNull('probe_at'))
    .select<{ id: string }[]>('id');
  return rows.map(({ id }) => id);
}

/** Locks the health of these subscriptions until the transaction ends, in one order for all processes. */
export async function lockHealth(trx: Database, ids: string[]): Promise<HealthRow[]> {
  const rows = await trx(TABLES.subscriptions)
    .whereIn('id', ids)
    .orderBy('id')
    .forUpdate()
    .select<Record<string, unknown>[]>(
      'id',
      'state',
      'consecutive_failures',
      'failing_since',
      'probe_at',
      'probe_step',
    );
  return rows.map((row) => ({
    id: row['id'] as string,
    state: row['state'] as string,
    failures: toNumber(row['consecutive_failures']),
    failingSince: toDateOrNull(row['failing_since']),
    probeAt: toDateOrNull(row['probe_at']),
    probesFailed: toNumber(row['probe_step']),
  }));
}

/** Keeps the health as it is now; `state` and its reason change with it where the circuit breaker says so. */
export async function keepHealth(
  trx: Database,
  health: Omit<HealthRow, 'state'>,
  into: { state: 'active' | 'paused'; reason: string | null; now: Date } | null = null,
): Promise<void> {
  await trx(TABLES.subscriptions)
    .where({ id: health.id })
    .update({
      consecutive_failures: health.failures,
      failing_since: health.failingSince?.getTime() ?? null,
      probe_at: health.probeAt?.getTime() ?? null,
      probe_step: health.probesFailed,
      ...(into && {
        state: into.state,
        paused_by: into.state === 'paused' ? 'breaker' : null,
        paused_until: null,
        state_reason: into.reason?.slice(0, 500) ?? null,
        updated_at: into.now.getTime(),
      }),
    });
}

/** A person has decided: the circuit breaker has no say any more, and failures are counted from none. */
export async function forgetHealth(trx: Database, id: string): Promise<void> {
  await keepHealth(trx, { id, failures: 0, failingSince: null, probeAt: null, probesFailed: 0 });
}
