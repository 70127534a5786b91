import type { ClaimedDelivery } from '../../store/claim-deliveries';
import type { LeasedFromBeginning } from '../../store/number-and-lease';
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
  const { backlog } = input;
  const jobs: Job[] = [];
  const left: ClaimedDelivery[] = [];
  for (const delivery of claimed) {
    const refs = delivery.batchId === null ? null : (batches.get(delivery.batchId) ?? []);
    const members = (refs ?? [delivery.eventRef]).flatMap((ref) => events.get(ref) ?? []);
    const [event, ...others] = members;
    if (event === undefined) {
      left.push(delivery);
      continue;
    }
    const probe = input.probes.has(delivery.subscriptionId);
    jobs.push(jobOf(delivery, [event, ...others], { batch: refs !== null, probe, backlog }));
  }
  return { jobs, left };
}

/** Deliveries that came with their events. */
export function jobsOf(leased: LeasedFromBeginning[], backlog: ReadonlyMap<string, number>): Job[] {
  return leased.map(({ delivery, event }) =>
    jobOf(delivery, [event], { batch: false, probe: false, backlog }),
  );
}

function jobOf(
  delivery: ClaimedDelivery,
  events: [SequencedEvent, ...SequencedEvent[]],
  input: { batch: boolean; probe: boolean; backlog: ReadonlyMap<string, number> },
): Job {
  return {
    delivery,
    event: events[0],
    batch: input.batch ? events : null,
    backlog: Math.max(1, input.backlog.get(delivery.subscriptionId) ?? 1),
    probe: input.probe,
    size: events.reduce((size, { body }) => size + body.length, 0),
  };
}
