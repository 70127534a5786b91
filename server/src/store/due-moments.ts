import type { CountedState } from '../domain/definition';
import type { Moment, VersionRef } from '../domain/moments';
import { toNumber, toNumberOrNull } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** A moment that has come. */
export interface DueMoment extends Moment {
  id: number;
  version: VersionRef;
  eventType: string;
}

/** Moments that have come, the oldest first. */
export async function selectDueMoments(
  db: Database,
  { now, limit }: { now: Date; limit: number },
): Promise<DueMoment[]> {
  const rows = await db(TABLES.moments)
    .where('try_at', '<=', now.getTime())
    .orderBy(['try_at', 'id'])
    .limit(limit)
    .select<Record<string, unknown>[]>('*');
  return rows.map(toDueMoment);
}

/** The same, of one document; whether they were put off or not. */
export async function selectOverdueMoments(
  trx: Database,
  { uid, documentId, now }: { uid: string; documentId: string; now: Date },
): Promise<DueMoment[]> {
  const rows = await trx(TABLES.moments)
    .where({ document_id: documentId, uid })
    .where('due_at', '<=', now.getTime())
    .orderBy(['due_at', 'id'])
    .select<Record<string, unknown>[]>('*');
  return rows.map(toDueMoment);
}

/** When the next one comes; null where none is waited for. */
export async function nextMomentAt(db: Database): Promise<Date | null> {
  const row = await db(TABLES.moments).min({ next: 'try_at' }).first<{ next: unknown }>();
  const next = toNumberOrNull(row?.next);
  return next === null ? null : new Date(next);
}

/** Takes a moment for good. False where another process has taken it, or its document was changed. */
export async function takeMoment(trx: Database, id: number): Promise<boolean> {
  return (await trx(TABLES.moments).where({ id }).delete()) > 0;
}

/** Leaves a moment for later, because of a failure. */
export async function postponeMoment(db: Database, id: number, until: Date): Promise<void> {
  await db(TABLES.moments).where({ id }).update({ try_at: until.getTime() });
}

function toDueMoment(row: Record<string, unknown>): DueMoment {
  return {
    id: toNumber(row['id']),
    version: {
      uid: row['uid'] as string,
      documentId: row['document_id'] as string,
      locale: row['locale'] as string | null,
      status: row['status'] as CountedState,
    },
    eventType: row['event_type'] as string,
    name: row['name'] as string,
    dueAt: new Date(toNumber(row['due_at'])),
  };
}
