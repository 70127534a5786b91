import { createHash } from 'node:crypto';
import { chunksOf, INSERT_CHUNK } from './case-by-id';
import { toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** The newest event about a subject that a view shows. */
export interface FeedRecord {
  subjectKey: string;
  releaseNumber: number;
  eventRef: number;
}

interface AboutSubject {
  subjectType: string;
  subjectId: string;
  locale: string | null;
  releaseNumber: number;
  id: number;
}

/** Keeps the newest event of each subject. Given in order, and each newer than what is kept. */
export async function keepFeedRecords(
  trx: Database,
  viewId: number,
  events: readonly AboutSubject[],
): Promise<void> {
  const newest = new Map(events.map((event) => [subjectKey(event), event]));
  const rows = [...newest].map(([key, event]) => ({
    view_ref: viewId,
    subject_key: key,
    subject_id: event.subjectId,
    release_number: event.releaseNumber,
    event_ref: event.id,
  }));
  for (const chunk of chunksOf(rows, INSERT_CHUNK)) {
    await trx(TABLES.feedRecords)
      .insert(chunk)
      .onConflict(['view_ref', 'subject_key'])
      .merge(['release_number', 'event_ref']);
  }
}

/** Records by key, greater than `after`. */
export async function readFeedRecords(
  db: Database,
  { viewId, after, limit }: { viewId: number; after: string; limit: number },
): Promise<FeedRecord[]> {
  const rows = await db(TABLES.feedRecords)
    .where({ view_ref: viewId })
    .where('subject_key', '>', after)
    .orderBy('subject_key')
    .limit(limit)
    .select<Record<string, unknown>[]>('subject_key', 'release_number', 'event_ref');
  return rows.map(toRecord);
}

/** All records of a subject: one for each of its locales, and each type that uses the id; the newest first. */
export async function findFeedRecords(
  db: Database,
  { viewId, subjectId, limit }: { viewId: number; subjectId: string; limit: number },
): Promise<FeedRecord[]> {
  const rows = await db(TABLES.feedRecords)
    .where({ view_ref: viewId, subject_id: subjectId })
    .orderBy('release_number', 'desc')
    .limit(limit)
    .select<Record<string, unknown>[]>('subject_key', 'release_number', 'event_ref');
  return rows.map(toRecord);
}

function subjectKey({ subjectType, subjectId, locale }: AboutSubject): string {
  return createHash('sha256')
    .update(JSON.stringify([subjectType, subjectId, locale]))
    .digest('hex');
}

function toRecord(row: Record<string, unknown>): FeedRecord {
  return {
    subjectKey: row['subject_key'] as string,
    releaseNumber: toNumber(row['release_number']),
    eventRef: toNumber(row['event_ref']),
  };
}
