import { missCallbacks, MISSED_AT_ONCE } from '../../flow/callbacks/miss';
import type { CallbackPorts } from '../../flow/callbacks/ports';
import { Loop } from '../../flow/loop';
import type { Log } from '../../flow/ports';
import type { Database } from '../../store/database';
import { nextCallbackDue } from '../../store/missed-callbacks';

/** How often deadlines are looked for: one that another process has set meanwhile takes hold so late at most. */
const POLL_MS = 5_000;

/** Ends the wait for callbacks that have not come in time. */
export function missedCallbacks(
  ports: Pick<CallbackPorts, 'transaction' | 'deliveryFailed' | 'clock'> & {
    db: () => Database;
    /** Events were committed. */
    committed: () => void;
    log: Log;
  },
): Loop {
  const { db, committed, clock, log } = ports;
  return new Loop({
    name: 'Missing callbacks',
    step: async () => {
      const missed = await missCallbacks(ports);
      if (missed > 0) committed();
      if (missed === MISSED_AT_ONCE) return 'again';
      const next = await nextCallbackDue(db());
      const untilNext = next === null ? POLL_MS : next.getTime() - clock.now().getTime();
      // One that is overdue still is being dealt with by somebody else.
      return { sleepMs: Math.min(POLL_MS, Math.max(untilNext, MIN_SLEEP_MS)) };
    },
    log,
  });
}

const MIN_SLEEP_MS = 100;
