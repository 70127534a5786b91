import type { ClaimedDelivery } from '../../store/claim-deliveries';
import type { LeasedFromBeginning } from '../../store/lease-inserted';
import type { Database } from '../../store/database';
import { readBatches } from '../../store/read-batches';
import { readEventBodies } from '../../store/read-event-bodies';
import type { SequencedEvent } from '../../store/read-event-bodies';
import type { Job } from './attempt';

/** Claimed deliveries with the events that they owe; `left` are those whose event is gone. */
export async function loadJobs(
  db: Database,
  claimed: ClaimedDelivery[],
  input: { backlog: ReadonlyMap<string, number>; probes: ReadonlySet<string> },
): Promise<{ jobs: Job[]; left: ClaimedDelivery[] }> {
  const batches = await readBatches(
    db,
    claimed.flatMap(({ batchId }) => (batchId === null ? [] : [batchId])),
  );
  const events = await readEventBodies(db, [
    ...claimed.map(({ eventRef }) => eventRef),
    ...[...batches.values()].flat(),
  ]);
  const jobs: Job[] = [];
  const left: ClaimedDelivery[] = [];
  for (const delivery of claimed) {
    const refs = delivery.batchId === null ? null : (batches.get(delivery.batchId) ?? []);
    const members = (refs ?? [delivery.eventRef]).flatMap((ref) => events.get(ref) ?? []);
    const [event] = members;
    if (event === undefined) {
      left.push(delivery);
      continue;
    }
    jobs.push({
      delivery,
      event,
      batch: refs && members,
      backlog: Math.max(1, input.backlog.get(delivery.subscriptionId) ?? 1),
      probe: input.probes.has(delivery.subscriptionId),
      size: sizeOf(members),
    });
  }
  return { jobs, left };
}

/** Deliveries that came with their events. */
export function jobsOf(leased: LeasedFromBeginning[], backlog: ReadonlyMap<string, number>): Job[] {
  return leased.map(({ delivery, event }) => ({
    delivery,
    event,
    batch: null,
    backlog: Math.max(1, backlog.get(delivery.subscriptionId) ?? 1),
    probe: false,
    size: sizeOf([event]),
  }));
}

function sizeOf(events: SequencedEvent[]): number {
  return events.reduce((size, { body }) => size + body.length, 0);
}
