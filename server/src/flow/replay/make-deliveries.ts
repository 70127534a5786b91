import { BATCH, fits, isFull } from '../../domain/batch';
import type { BatchLimits } from '../../domain/batch';
import { replayOrderKey } from '../../domain/replay';
import type { Database } from '../../store/database';
import type { NewDelivery } from '../../store/insert-deliveries';
import { readEventSizes } from '../../store/open-batches';
import type { BatchItem } from '../../store/open-batches';
import type { ReplayRow } from '../../store/replays';
import type { NewId } from '../ports';
import type { ReplayRule } from './ports';
import type { Found, ReplayUnit } from './select';

/** What a step writes. */
export interface Made {
  deliveries: NewDelivery[];
  /** Members of new batches. */
  items: BatchItem[];
  position: number;
}

interface MakeInput {
  replay: ReplayRow;
  rule: ReplayRule;
  found: Found;
  now: Date;
  newId: NewId;
}

/** One delivery for each of what was found: an event, or a batch whole as it was. */
export function makeDeliveries(input: MakeInput): Made {
  const { units, position } = input.found;
  return { deliveries: units.map((unit) => deliveryOf(unit, input)), items: [], position };
}

/**
 * Deliveries in new batches, for a subscription that is sent batches: at most `limit` of them, whatever was found.
 *
 * @param input.found of single events.
 */
export async function makeBatches(
  db: Database,
  input: MakeInput & { limits: BatchLimits; limit: number },
): Promise<Made> {
  const { found, limits, limit, newId } = input;
  const sizes = await readEventSizes(
    db,
    found.units.map(({ event }) => event.id),
  );
  const batches: { units: ReplayUnit[]; items: number; bytes: number; full: boolean }[] = [];
  for (const unit of found.units) {
    const bytes = sizes.get(unit.event.id) ?? 0;
    let last = batches.at(-1);
    if (!last || last.full || !fits(last, bytes, limits)) {
      if (batches.length === limit) break;
      last = { units: [], items: 0, bytes: 0, full: false };
      batches.push(last);
    }
    last.units.push(unit);
    last.items += 1;
    last.bytes += bytes + 1;
    last.full = isFull(last, limits);
  }
  const made: Made = { deliveries: [], items: [], position: found.position };
  for (const { units, items, bytes } of batches) {
    const [first] = units;
    if (!first) continue;
    const batchId = newId();
    const delivery = deliveryOf(first, input);
    made.deliveries.push({ ...delivery, eventType: BATCH, batch: { batchId, items, bytes } });
    made.items.push(
      ...units.map(({ event }, place) => ({ batchId, position: place, eventRef: event.id })),
    );
  }
  const last = batches.at(-1)?.units.at(-1);
  return last && made.items.length < found.units.length
    ? { ...made, position: last.sequenceNumber }
    : made;
}

function deliveryOf({ event, batch }: ReplayUnit, input: MakeInput): NewDelivery {
  const { replay, rule, now, newId } = input;
  return {
    deliveryId: newId(),
    subscriptionId: replay.subscriptionId,
    eventRef: batch?.eventRef ?? event.id,
    eventType: batch?.eventType ?? event.eventType,
    sequenceNumber: batch?.sequenceNumber ?? event.sequenceNumber,
    subjectId: batch?.subjectId ?? event.subjectId,
    orderKey: replayOrderKey(rule.orderKey(event)),
    replay: true,
    replayRef: replay.id,
    dueAt: now,
    ...(batch?.batch && { batch: batch.batch }),
  };
}
