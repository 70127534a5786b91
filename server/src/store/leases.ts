import { toDateOrNull } from './database';
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
    .update({ ...FREE, due_at: atTheLatest(db, now) });
}

/** Frees all that is leased: right only where no other process works on this database. */
export async function reclaimLeases(db: Database, now: Date): Promise<number> {
  return db(TABLES.deliveries)
    .whereRaw("status = 'sending'")
    .update({ ...FREE, due_at: atTheLatest(db, now) });
}

/** What was due before stays so: a clock that is set back later would put off what is due only since now. */
function atTheLatest(db: Database, now: Date) {
  const at = now.getTime();
  return db.raw('case when due_at < ? then due_at else ? end', [at, at]);
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

/** When the next waiting delivery that is not due yet will be; null when there is none. */
export async function nextDueAt(db: Database, now: Date): Promise<Date | null> {
  const row = (await db(TABLES.deliveries)
    .whereRaw("status = 'waiting'")
    .where('due_at', '>', now.getTime())
    .min({ due_at: 'due_at' })
    .first()) as { due_at: unknown } | undefined;
  return toDateOrNull(row?.due_at);
}
