import type { DocumentState } from '../domain/change';
import type { ChangeContext, EventDefinition } from '../domain/definition';
import { comingMoments, momentsOf, sameMoments } from '../domain/moments';
import type { Moment, VersionRef } from '../domain/moments';
import type { Database } from '../store/database';
import { replaceMoments } from '../store/schedule-moments';
import type { Schedule } from '../store/schedule-moments';
import type { Log } from './ports';

/**
 * Keeps the moments of a changed state, within the transaction that changes it. Nothing is written where they are the same
 * before and after.
 *
 * @returns true where some are kept that were not before.
 */
export async function scheduleMoments(
  trx: Database,
  input: { change: ChangeContext; definitions: readonly EventDefinition[]; log: Log },
): Promise<boolean> {
  const { change, definitions } = input;
  const schedules = definitions
    .filter((definition) => definition.moments)
    .flatMap((definition) => scheduleOf(definition, change, input.log));
  if (schedules.length === 0) return false;
  await replaceMoments(trx, schedules, change.now);
  return schedules.some(({ moments }) => moments.length > 0);
}

/** The coming moments of one state for these definitions; none for a definition that fails. */
export function schedulesOf(
  version: VersionRef,
  state: DocumentState,
  input: { definitions: readonly EventDefinition[]; now: Date; log: Log },
): Schedule[] {
  return input.definitions.flatMap((definition) => {
    const moments = coming(definition, state, { ...input, uid: version.uid }) ?? [];
    return moments.length > 0 ? [{ version, eventType: definition.type, moments }] : [];
  });
}

function scheduleOf(definition: EventDefinition, change: ChangeContext, log: Log): Schedule[] {
  const { uid, documentId, locale, status, now } = change;
  const was = coming(definition, change.before, { uid, now, log });
  const is = coming(definition, change.after, { uid, now, log });
  if (is === null || (was !== null && sameMoments(was, is))) return [];
  const version = { uid, documentId, locale, status };
  return [{ version, eventType: definition.type, moments: is }];
}

/** Null where the definition fails: that costs nobody the save, and what was kept stays. */
function coming(
  definition: EventDefinition,
  state: DocumentState | null,
  { uid, now, log }: { uid: string; now: Date; log: Log },
): Moment[] | null {
  try {
    return comingMoments(momentsOf(definition, uid, state), now);
  } catch (error) {
    log.error(`The definition ${definition.type} cannot say its moments`, { error });
    return null;
  }
}
