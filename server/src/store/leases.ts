import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

const FREE = { status: 'waiting', lease_owner: null, lease_token: null, lease_until: null };

/** The heartbeat: these deliveries stay leased to `owner` until `until`. */
export async function extendLeases(
  db: Database,
  input: { owner: string; ids: number[]; until: Date },
): Promise<void> {
  await db(TABLES.deliveries)
    .whereIn('id', input.ids)
    .where({ status: 'sending', lease_owner: input.owner })
    .update({ lease_until: input.until.getTime() });
}

/**
 * Frees deliveries whose process gave no sign of life in time; they are due at once.
 *
 * @returns how many.
 */
export async function reclaimExpiredLeases(db: Database, now: Date): Promise<number> {
  return db(TABLES.deliveries)
    .whereRaw("status = 'sending'")
    .where('lease_until', '<=', now.getTime())
    .update({ ...FREE, due_at: now.getTime() });
}

/** Frees all that is leased: right only where no other process works on this database. */
export async function reclaimLeases(db: Database, now: Date): Promise<number> {
  return db(TABLES.deliveries)
    .whereRaw("status = 'sending'")
    .update({ ...FREE, due_at: now.getTime() });
}

/** Gives back what was claimed and not begun, when a process stops. */
export async function releaseLeases(
  db: Database,
  input: { owner: string; ids: number[] },
): Promise<void> {
  if (input.ids.length > 0) {
    await db(TABLES.deliveries)
      .whereIn('id', input.ids)
      .where({ status: 'sending', lease_owner: input.owner })
      .update(FREE);
  }
}

/**
 * When something can be sent next that cannot be sent now: a delivery becomes due, a wait ends that an endpoint has asked for, or
 * the endpoint of an open circuit breaker is to be tried. Null when there is nothing of the kind. One index probe for each
 * subscription that may be sent to.
 */
export async function nextSendableAt(db: Database, now: Date): Promise<Date | null> {
  const nextDue = db(`${TABLES.deliveries} as d`)
    .whereRaw("d.status = 'waiting'")
    .whereRaw('d.subscription_id = s.id')
    .where('d.due_at', '>', now.getTime())
    .orderBy('d.due_at')
    .limit(1)
    .select('d.due_at');
  const rows = await db(`${TABLES.subscriptions} as s`)
    .whereIn('s.state', ['active', 'sandbox'])
    .orWhere((open) => open.where('s.state', 'paused').whereNotNull('s.probe_at'))
    .select<Record<string, unknown>[]>('s.held_until', 's.probe_at', nextDue.as('next_due'));
  const times = rows
    .flatMap((row) => [row['held_until'], row['probe_at'], row['next_due']])
    .filter((at) => at !== null)
    .map(toNumber)
    .filter((at) => at > now.getTime());
  return times.length > 0 ? new Date(times.reduce((a, b) => Math.min(a, b))) : null;
}
