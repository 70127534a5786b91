import { chunksOf } from './case-by-id';
import { isDead } from './conditions';
import { toNumber } from './database';
import type { Database } from './database';
import { STATE, TABLES } from './tables';

/** How much is on its way, and what needs a person, as the database has it: the same for all processes. */
export interface Gauges {
  subscriptions: SubscriptionGauges[];
  unsequenced: number;
  /** When the oldest event without a number was captured; null where all have theirs. */
  oldestUnsequencedAt: Date | null;
  invalidEvents: number;
  lastSequenceNumber: number;
}

export interface SubscriptionGauges {
  /** Also of one that has been deleted, as long as it has dead letters. */
  subscriptionId: string;
  /** Null where it has been deleted. */
  state: string | null;
  backlog: number;
  /** When the oldest of its unsettled deliveries was made; null where there is none. */
  oldestAt: Date | null;
  dead: number;
}

/** Row ids looked up in one statement. */
const LOOKUP_SIZE = 500;

/**
 * Reads all gauges. Each statement walks an index over the rows it counts and no others: on a log of any length it costs
 * what is owed and what is dead, not what was ever delivered.
 */
export async function readGauges(db: Database): Promise<Gauges> {
  const states = await readStates(db);
  const unsettled = await countUnsettled(db);
  const dead = await countDead(db);
  const ids = new Set([...states.keys(), ...unsettled.keys(), ...dead.keys()]);
  const oldest = await createdAt(
    db,
    [...unsettled.values()].map(({ oldestId }) => oldestId),
  );
  return {
    subscriptions: [...ids].map((subscriptionId) => {
      const waiting = unsettled.get(subscriptionId);
      return {
        subscriptionId,
        state: states.get(subscriptionId) ?? null,
        backlog: waiting?.count ?? 0,
        oldestAt: (waiting && oldest.get(waiting.oldestId)) ?? null,
        dead: dead.get(subscriptionId) ?? 0,
      };
    }),
    ...(await readEvents(db)),
  };
}

async function readStates(db: Database): Promise<Map<string, string>> {
  const rows = await db(TABLES.subscriptions)
    .orderBy('created_at')
    .select<{ id: string; state: string }[]>('id', 'state');
  return new Map(rows.map(({ id, state }) => [id, state]));
}

async function countUnsettled(
  db: Database,
): Promise<Map<string, { count: number; oldestId: number }>> {
  const rows = (await db(TABLES.deliveries)
    .whereRaw('settled = false')
    .groupBy('subscription_id')
    .select('subscription_id')
    .count({ owed: '*' })
    .min({ oldest: 'id' })) as unknown as {
    subscription_id: string;
    owed: unknown;
    oldest: unknown;
  }[];
  return new Map(
    rows.map(({ subscription_id: id, owed, oldest }) => [
      id,
      { count: toNumber(owed), oldestId: toNumber(oldest) },
    ]),
  );
}

async function countDead(db: Database): Promise<Map<string, number>> {
  const rows = (await db(TABLES.deliveries)
    .whereRaw(isDead(db))
    .groupBy('subscription_id')
    .select('subscription_id')
    .count({ dead: '*' })) as unknown as { subscription_id: string; dead: unknown }[];
  return new Map(rows.map((row) => [row.subscription_id, toNumber(row.dead)]));
}

async function createdAt(db: Database, ids: number[]): Promise<Map<number, Date>> {
  const found = new Map<number, Date>();
  for (const chunk of chunksOf(ids, LOOKUP_SIZE)) {
    const rows = await db(TABLES.deliveries)
      .whereIn('id', chunk)
      .select<{ id: unknown; created_at: unknown }[]>('id', 'created_at');
    for (const { id, created_at: at } of rows) {
      found.set(toNumber(id), new Date(toNumber(at)));
    }
  }
  return found;
}

async function readEvents(db: Database): Promise<Omit<Gauges, 'subscriptions'>> {
  const count = async (status: string) => {
    const rows = await db(TABLES.events)
      .whereRaw(`status = '${status}'`)
      .count<{ events: unknown }[]>({ events: '*' });
    return toNumber(rows[0]?.events);
  };
  const [oldest] = await db(TABLES.events)
    .whereRaw("status = 'unsequenced'")
    .orderBy('id')
    .limit(1)
    .select<{ occurred_at: unknown }[]>('occurred_at');
  const [last] = await db(TABLES.state)
    .where({ name: STATE.sequence })
    .select<{ value: unknown }[]>('value');
  return {
    unsequenced: await count('unsequenced'),
    oldestUnsequencedAt: oldest ? new Date(toNumber(oldest.occurred_at)) : null,
    invalidEvents: await count('invalid'),
    lastSequenceNumber: toNumber(last?.value),
  };
}
