import type { Moment, VersionRef } from '../domain/moments';
import { chunksOf, INSERT_CHUNK } from './case-by-id';
import type { Database } from './database';
import { TABLES } from './tables';

/** The moments of one version for one definition. */
export interface Schedule {
  version: VersionRef;
  eventType: string;
  moments: Moment[];
}

/**
 * Puts these schedules in the place of what was still to come. A moment that has passed and was not looked at yet, after a
 * downtime, is left: it is owed.
 */
export async function replaceMoments(
  trx: Database,
  schedules: readonly Schedule[],
  now: Date,
): Promise<void> {
  for (const { version, eventType } of schedules) {
    await trx(TABLES.moments)
      .where({ ...columnsOf(version), event_type: eventType })
      .where('due_at', '>', now.getTime())
      .delete();
  }
  await insertMoments(trx, schedules);
}

/** Adds what is not there yet. The document's rows must be locked, or it could be added twice. */
export async function addMissingMoments(
  trx: Database,
  schedules: readonly Schedule[],
): Promise<void> {
  const missing: Schedule[] = [];
  for (const schedule of schedules) {
    const rows = await trx(TABLES.moments)
      .where({ ...columnsOf(schedule.version), event_type: schedule.eventType })
      .select<{ name: string }[]>('name');
    const known = new Set(rows.map(({ name }) => name));
    missing.push({
      ...schedule,
      moments: schedule.moments.filter(({ name }) => !known.has(name)),
    });
  }
  await insertMoments(trx, missing);
}

async function insertMoments(trx: Database, schedules: readonly Schedule[]): Promise<void> {
  const rows = schedules.flatMap(({ version, eventType, moments }) =>
    moments.map(({ name, dueAt }) => ({
      ...columnsOf(version),
      event_type: eventType,
      name,
      due_at: dueAt.getTime(),
      try_at: dueAt.getTime(),
    })),
  );
  for (const chunk of chunksOf(rows, INSERT_CHUNK)) {
    await trx(TABLES.moments).insert(chunk);
  }
}

function columnsOf({ uid, documentId, locale, status }: VersionRef) {
  return { uid, document_id: documentId, locale, status };
}
