import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** Events counted of one type, at most: along an index, whatever the length of the log. */
const MAX_COUNTED = 10_000;

/** How often events of a type were made. */
export interface Fired {
  count: number;
  /** True where there are more than were counted. */
  more: boolean;
  lastOccurredAt: Date | null;
  /** Of all there are: those that are invalid now. */
  invalid: number;
}

export async function countFired(db: Database, eventType: string): Promise<Fired> {
  const [found, invalid, last] = await Promise.all([
    countUpTo(db, MAX_COUNTED + 1, { event_type: eventType }),
    countUpTo(db, MAX_COUNTED, { event_type: eventType, status: 'invalid' }),
    db(TABLES.events)
      .where({ event_type: eventType })
      .orderBy('id', 'desc')
      .first<{ occurred_at: unknown } | undefined>('occurred_at'),
  ]);
  return {
    count: Math.min(found, MAX_COUNTED),
    more: found > MAX_COUNTED,
    lastOccurredAt: toDateOrNull(last?.occurred_at),
    invalid,
  };
}

async function countUpTo(
  db: Database,
  limit: number,
  where: Record<string, string>,
): Promise<number> {
  const some = db(TABLES.events).where(where).limit(limit).select('id').as('some');
  const row = await db.from(some).count({ count: '*' }).first<{ count: unknown }>();
  return toNumber(row?.count ?? 0);
}
