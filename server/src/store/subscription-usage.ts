import { isDead } from './conditions';
import { countBacklog } from './count-backlog';
import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** Deliveries looked through for the last that was taken: among the newest, and among those before all that is owed. */
const LOOK_BACK = 1_000;

/** What a subscription is owed and has been given. */
export interface SubscriptionUse {
  backlog: number;
  oldestWaitingAt: Date | null;
  lastDelivered: { sequenceNumber: number; at: Date | null } | null;
  deadLetters: number;
}

export async function readSubscriptionUse(db: Database, id: string): Promise<SubscriptionUse> {
  const backlog = (await countBacklog(db, [id])).get(id) ?? 0;
  const oldest = backlog > 0 ? await oldestOwed(db, id) : null;
  return {
    backlog,
    oldestWaitingAt: oldest?.createdAt ?? null,
    lastDelivered:
      (await lastDelivered(db, id, null)) ??
      (oldest === null ? null : await lastDelivered(db, id, oldest.id)),
    deadLetters: await countDead(db, id),
  };
}

async function oldestOwed(
  db: Database,
  id: string,
): Promise<{ id: number; createdAt: Date } | null> {
  const row = await db(TABLES.deliveries)
    .whereRaw('settled = false')
    .where({ subscription_id: id })
    .min({ id: 'id' })
    .first<{ id: unknown } | undefined>();
  if (row?.id === null || row?.id === undefined) return null;
  const found = await db(TABLES.deliveries)
    .where({ id: toNumber(row.id) })
    .first<{ created_at: unknown } | undefined>('created_at');
  return found ? { id: toNumber(row.id), createdAt: new Date(toNumber(found.created_at)) } : null;
}

/** @param before only deliveries with a smaller row id; null: any. */
async function lastDelivered(
  db: Database,
  id: string,
  before: number | null,
): Promise<SubscriptionUse['lastDelivered']> {
  const newest = db(TABLES.deliveries)
    .where({ subscription_id: id })
    .orderBy('id', 'desc')
    .limit(LOOK_BACK)
    .select('id', 'status', 'sequence_number', 'settled_at')
    .as('newest');
  if (before !== null) void newest.where('id', '<', before);
  const row = await db
    .from(newest)
    .whereIn('status', ['delivered', 'awaiting_callback'])
    .orderBy('id', 'desc')
    .first<Record<string, unknown> | undefined>('sequence_number', 'settled_at');
  return row
    ? { sequenceNumber: toNumber(row['sequence_number']), at: toDateOrNull(row['settled_at']) }
    : null;
}

async function countDead(db: Database, id: string): Promise<number> {
  const row = await db(TABLES.deliveries)
    .whereRaw(isDead(db))
    .where({ subscription_id: id })
    .count({ dead: '*' })
    .first<{ dead: unknown } | undefined>();
  return toNumber(row?.dead ?? 0);
}
