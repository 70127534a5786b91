/**
 * Counts deliveries whose deadline has passed, and tells when a promise is broken or kept again, in one short transaction
 * under a lock: so each delivery is counted once, by whichever process, and each crossing is told once.
 */
import { crossing, spanLength } from '../domain/sla';
import type { Samples, Sla } from '../domain/sla';
import {
  addDeadlineCounts,
  countDeadlines,
  lockDeadlineCount,
  sumDeadlineCounts,
} from '../store/count-deadlines';
import type { RunInTransaction } from '../store/database';
import { insertEvents } from '../store/insert-events';
import type { NewEvent } from '../store/insert-events';
import { beginSlaBreach, endSlaBreach, readSlaBreaches } from '../store/sla-breaches';
import type { Clock } from './ports';

/**
 * How far the count stays behind the present: a result is stamped before its transaction begins, and a delivery's deadline
 * before it is committed. What takes longer than that to be committed is not counted.
 */
const GRACE_MS = 30_000;

/** A promise that was newly broken (`below`) or is kept again (`above`). */
export interface SlaCrossing {
  eventType: string;
  direction: 'below' | 'above';
  sla: Sla;
  samples: Samples;
}

export interface SlaPorts {
  transaction: RunInTransaction;
  /** The event that tells of a crossing. */
  crossed(crossing: SlaCrossing): NewEvent;
  clock: Clock;
}

export interface SlaSettings {
  promises: ReadonlyMap<string, Sla>;
  windowMs: number;
  /** Under so many samples in the window no promise counts as broken. */
  minimumSamples: number;
  /** A count that another process made so recently is not made again. */
  freshMs: number;
}

/** @returns the crossings that were told; none when another process is at it, or has just been. */
export async function watchSla(ports: SlaPorts, settings: SlaSettings): Promise<SlaCrossing[]> {
  return ports.transaction(async (trx) => {
    const countedUntil = await lockDeadlineCount(trx);
    const now = ports.clock.now();
    const until = new Date(now.getTime() - GRACE_MS);
    if (!countedUntil || until.getTime() - countedUntil.getTime() < settings.freshMs) {
      return [];
    }
    const windowStart = new Date(until.getTime() - settings.windowMs);
    const counts = await countDeadlines(trx, {
      from: countedUntil > windowStart ? countedUntil : windowStart,
      until,
      spanMs: spanLength(settings.windowMs),
    });
    await addDeadlineCounts(trx, { counts, countedUntil: until, forgetBefore: windowStart });
    const sums = await sumDeadlineCounts(trx, windowStart);
    const breaches = await readSlaBreaches(trx);
    const crossings = [...settings.promises].flatMap(([eventType, sla]): SlaCrossing[] => {
      const samples = sums.get(eventType) ?? { kept: 0, missed: 0 };
      const direction = crossing({
        samples,
        share: sla.share,
        minimumSamples: settings.minimumSamples,
        breached: breaches.has(eventType),
      });
      return direction ? [{ eventType, direction, sla, samples }] : [];
    });
    for (const { eventType, direction } of crossings) {
      await (direction === 'below'
        ? beginSlaBreach(trx, eventType, now)
        : endSlaBreach(trx, eventType));
    }
    await insertEvents(
      trx,
      crossings.map((one) => ports.crossed(one)),
    );
    return crossings;
  });
}
