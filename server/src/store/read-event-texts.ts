import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** The events with these row ids as JSON, numbered or not: without sequence number and `produced_at`. */
export async function readEventTexts(db: Database, ids: number[]): Promise<Map<number, string>> {
  const rows = await db(TABLES.events)
    .whereIn('id', [...new Set(ids)])
    .select<{ id: unknown; body: string }[]>('id', 'body');
  return new Map(rows.map((row) => [toNumber(row.id), `{${row.body}`]));
}
