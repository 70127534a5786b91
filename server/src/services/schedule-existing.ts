import { createHash } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Catalogue } from '../domain/catalogue';
import type { ContentSchema } from '../domain/content-type';
import type { EventDefinition, Preset } from '../domain/definition';
import type { Clock, Log } from '../flow/ports';
import { schedulesOf } from '../flow/schedule-moments';
import type { Database } from '../store/database';
import { replaceMoments } from '../store/schedule-moments';
import { readScheduledFor, writeScheduledFor } from '../store/scheduled-for';
import { lockDocument, readStates } from './document-states';
import { inTransaction } from './transaction';

/** Documents read at a time. */
const PAGE_SIZE = 100;

export interface ScheduleExistingParts {
  strapi: Core.Strapi;
  db: () => Database;
  catalogue: Catalogue;
  schema: ContentSchema;
  presets: readonly Preset[];
  clock: Clock;
  log: Log;
}

/**
 * Looks through all documents for moments to come, once for each set of definitions that have any: documents may have been
 * there before those definitions were. Moments that have passed are not made up for: nobody knows what was done about them.
 *
 * @returns looks at one page; true while there is more to do.
 */
export function scheduleExisting(parts: ScheduleExistingParts): () => Promise<boolean> {
  const { catalogue, db } = parts;
  const definitions = catalogue.definitions.filter((definition) => definition.moments);
  const uids = [...new Set(definitions.flatMap(({ sources }) => sources.map(({ uid }) => uid)))];
  const fingerprint = fingerprintOf(definitions, parts.presets);
  /** Content types that are left to look through, and a null for writing down that it is done. */
  let left: (string | null)[] | null = null;
  let done = false;
  let afterId = 0;
  return async () => {
    if (done) return false;
    left ??= (await readScheduledFor(db())) === fingerprint ? [] : [...uids, null];
    const [uid] = left;
    if (uid === undefined) {
      done = true;
    } else if (uid === null) {
      await writeScheduledFor(db(), fingerprint);
      left.shift();
    } else {
      const lastId = await schedulePage(parts, uid, afterId);
      afterId = lastId ?? 0;
      if (lastId === null) left.shift();
    }
    return !done;
  };
}

/** @returns the last row id of the page; null where there was none. */
async function schedulePage(
  parts: ScheduleExistingParts,
  uid: string,
  afterId: number,
): Promise<number | null> {
  const rows = (await parts.strapi.db.query(uid).findMany({
    where: { id: { $gt: afterId } },
    select: ['id', 'documentId'],
    orderBy: { id: 'asc' },
    limit: PAGE_SIZE,
  })) as { id: number; documentId: string | null }[];
  const documentIds = [...new Set(rows.flatMap(({ documentId }) => documentId ?? []))];
  for (const documentId of documentIds) {
    await scheduleDocument(parts, uid, documentId);
  }
  return rows.at(-1)?.id ?? null;
}

async function scheduleDocument(
  parts: ScheduleExistingParts,
  uid: string,
  documentId: string,
): Promise<void> {
  const { strapi, catalogue } = parts;
  const type = parts.schema.contentTypes[uid];
  if (!type) return;
  await inTransaction(strapi, async (trx) => {
    await lockDocument(strapi, trx, { uid, documentId });
    const populate = catalogue.populateOf(uid);
    const states = await readStates(strapi, { type, documentIds: [documentId], populate });
    for (const { locale, status, state } of states.get(documentId)?.values() ?? []) {
      const definitions = catalogue.lookingAt(type, status).map(({ definition }) => definition);
      const now = parts.clock.now();
      const version = { uid, documentId, locale, status };
      const schedules = schedulesOf(version, state, { definitions, now, log: parts.log });
      await replaceMoments(trx, schedules, now);
    }
  });
}

/** A number that is another one when definitions with moments, or options of presets, come, go or change: 48 bits of a digest. */
function fingerprintOf(
  definitions: readonly EventDefinition[],
  presets: readonly Preset[],
): number {
  const told = definitions.map(({ type, version, sources, moments }) => [
    type,
    version,
    sources,
    String(moments),
  ]);
  const made = presets.map(({ name, options }) => [name, options]);
  const text = JSON.stringify([told, made], (_, value: unknown) =>
    typeof value === 'function' ? String(value) : value,
  );
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
