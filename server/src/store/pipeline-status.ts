import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { countDead } from './delivery-log';
import { TABLES } from './tables';

export interface PipelineStatus {
  /** Unsettled deliveries. */
  backlog: number;
  oldestWaitingAt: Date | null;
  dead: number;
  invalidEvents: number;
  unsequenced: number;
}

/** How much is on its way, and what needs a person. */
export async function readPipelineStatus(db: Database): Promise<PipelineStatus> {
  const waiting = (await db(TABLES.deliveries)
    .whereRaw('settled = false')
    .count({ owed: '*' })
    .min({ oldest: 'created_at' })
    .first()) as { owed: unknown; oldest: unknown };
  return {
    backlog: toNumber(waiting.owed),
    oldestWaitingAt: toDateOrNull(waiting.oldest),
    dead: await countDead(db),
    invalidEvents: await countEvents(db, 'invalid'),
    unsequenced: await countEvents(db, 'unsequenced'),
  };
}

async function countEvents(db: Database, status: string): Promise<number> {
  const row = (await db(TABLES.events).where({ status }).count({ rows: '*' }).first()) as {
    rows: unknown;
  };
  return toNumber(row.rows);
}
