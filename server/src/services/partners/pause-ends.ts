import { Loop } from '../../flow/loop';
import type { Pause } from '../../flow/loop';
import type { Clock, Log } from '../../flow/ports';
import { retryTransient } from '../../flow/retry-transient';
import { bumpConfigVersion } from '../../store/config-version';
import type { Database, RunInTransaction } from '../../store/database';
import { endDuePauses, nextPauseEnd } from '../../store/partner-subscriptions';

/** How often pauses that other processes were asked for are looked for: whoever was asked may be gone. */
const POLL_MS = 10_000;

/** Ends the pauses that partners have asked for with `seconds`; whichever process does, once. */
export function pauseEnds(ports: {
  db: () => Database;
  transaction: RunInTransaction;
  /** Subscriptions have changed. */
  changed: () => void;
  clock: Clock;
  log: Log;
}): Loop {
  const { db, transaction, changed, clock, log } = ports;

  async function step(): Promise<Pause> {
    const now = clock.now();
    const ended = await retryTransient(() =>
      transaction(async (trx) => {
        const count = await endDuePauses(trx, now);
        if (count > 0) await bumpConfigVersion(trx);
        return count;
      }),
    );
    if (ended > 0) {
      changed();
      log.info('Pauses that partners had asked for are over', { subscriptions: ended });
    }
    const next = await nextPauseEnd(db(), now);
    const leftMs = next === null ? POLL_MS : next.getTime() - clock.now().getTime();
    return { sleepMs: Math.min(Math.max(leftMs, 0), POLL_MS) };
  }

  return new Loop({ name: 'Ending pauses', step, log });
}
