import type { LeasedFromBeginning } from '../../store/number-and-lease';
import type { Lease } from '../../store/leases';
import type { Log } from '../ports';
import type { Job } from './attempt';
import type { Room } from './claim';
import type { HeldLeases } from './held-leases';
import { jobsOf } from './load-jobs';

/** A worker's offer to send new deliveries without a claim. */
export interface Offer {
  lease: Lease;
  /** Called after the commit with what was leased, and then only. Never rejects. */
  send(leased: LeasedFromBeginning[]): Promise<void>;
}

/** Whether so many deliveries can begin at once: one subscription's id for each. */
export function haveRoom(subscriptionIds: string[], roomOf: (id: string) => Room): boolean {
  const wanted = new Map<string, number>();
  for (const id of subscriptionIds) wanted.set(id, (wanted.get(id) ?? 0) + 1);
  return [...wanted].every(([id, count]) => {
    const { begin, ratePerSecond } = roomOf(id);
    return ratePerSecond === null && count <= begin;
  });
}

/** Makes the offer. The backlog is counted only where something comes of it, so that it counts what was just made. */
export function offerOf(input: {
  lease: Lease;
  backlog(subscriptionIds: string[]): Promise<ReadonlyMap<string, number>>;
  leases: HeldLeases;
  begin(jobs: Job[]): Promise<void>;
  log: Log;
}): Offer {
  const { lease, leases, log } = input;
  return {
    lease,
    async send(leased) {
      const claimed = leased.map(({ delivery }) => delivery);
      if (claimed.length === 0) return;
      leases.hold(claimed);
      try {
        const ids = new Set(claimed.map(({ subscriptionId }) => subscriptionId));
        await input.begin(jobsOf(leased, await input.backlog([...ids])));
      } catch (error) {
        leases.lose(claimed);
        log.warn('New deliveries could not be begun; they are sent when their lease has ended', {
          error,
        });
      }
    },
  };
}
