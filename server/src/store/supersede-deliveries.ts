import { isWaiting } from './conditions';
import { forUpdateSkipLocked, toNumber } from './database';
import type { Database } from './database';
import { settleUnsent } from './settle-unsent';
import { TABLES } from './tables';
import { wakeSuccessors } from './wake-successors';

/** A new delivery that replaces older ones with its key which have not been tried yet. */
export interface Superseding {
  subscriptionId: string;
  coalesceKey: string;
  sequenceNumber: number;
  /** Older deliveries than this stay as they are. */
  windowStart: Date;
}

/** Keys looked up in one statement. */
const CHUNK = 200;

/**
 * Settles as superseded what newer deliveries replace. One that is being claimed this moment is left alone: it is sent.
 *
 * @returns by `subscriptionId:coalesceKey` when the first of those replaced was due: the window goes on from there.
 */
export async function supersedeDeliveries(
  trx: Database,
  superseding: Superseding[],
  now: Date,
): Promise<Map<string, Date>> {
  const dueAt = new Map<string, Date>();
  for (let start = 0; start < superseding.length; start += CHUNK) {
    const chunk = superseding.slice(start, start + CHUNK);
    for (const [key, at] of await supersede(trx, chunk, now)) dueAt.set(key, at);
  }
  return dueAt;
}

async function supersede(
  trx: Database,
  superseding: Superseding[],
  now: Date,
): Promise<Map<string, Date>> {
  const byKey = new Map(superseding.map((one) => [keyOf(one), one]));
  const candidates = trx(TABLES.deliveries)
    .whereRaw(isWaiting())
    .whereNotNull('coalesce_key')
    .whereIn(
      ['subscription_id', 'coalesce_key'],
      superseding.map((one) => [one.subscriptionId, one.coalesceKey]),
    )
    .where({ attempts: 0 })
    .orderBy('id')
    .select('id', 'subscription_id', 'coalesce_key', 'created_at', 'due_at');
  const rows = (await forUpdateSkipLocked(trx, candidates)) as Record<string, unknown>[];
  const dueAt = new Map<string, Date>();
  const replaced = new Map<number, number[]>();
  for (const row of rows) {
    const key = keyOf({
      subscriptionId: row['subscription_id'] as string,
      coalesceKey: row['coalesce_key'] as string,
    });
    const by = byKey.get(key);
    if (!by || toNumber(row['created_at']) < by.windowStart.getTime()) continue;
    if (row['due_at'] !== null && !dueAt.has(key)) {
      dueAt.set(key, new Date(toNumber(row['due_at'])));
    }
    const ids = replaced.get(by.sequenceNumber) ?? [];
    replaced.set(by.sequenceNumber, [...ids, toNumber(row['id'])]);
  }
  for (const [sequenceNumber, ids] of replaced) {
    const reason = supersededBy(sequenceNumber);
    const deliveries = trx(TABLES.deliveries).whereIn('id', ids);
    await settleUnsent(deliveries, { status: 'superseded', reason, now });
  }
  await wakeSuccessors(trx, [...replaced.values()].flat(), now);
  return dueAt;
}

/** The reason of a superseded delivery. */
export function supersededBy(sequenceNumber: number): string {
  return `Superseded by a newer event about the same subject (sequence number ${sequenceNumber})`;
}

function keyOf(one: { subscriptionId: string; coalesceKey: string }): string {
  return `${one.subscriptionId}:${one.coalesceKey}`;
}
