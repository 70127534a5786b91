import { Loop } from '../flow/loop';
import type { Clock, Log } from '../flow/ports';
import { retryTransient } from '../flow/retry-transient';
import type { Database } from '../store/database';
import { deleteExpiredKeys } from '../store/key-life';

const HOUR_MS = 3_600_000;

/** Once an hour removes keys that have expired; that they sign nothing any more is decided for every attempt. */
export function keyUpkeep(ports: { db: () => Database; clock: Clock; log: Log }): Loop {
  return new Loop({
    name: 'Removing expired keys',
    log: ports.log,
    step: async () => {
      const deleted = await retryTransient(() => deleteExpiredKeys(ports.db(), ports.clock.now()));
      if (deleted > 0) {
        ports.log.info('Expired keys were removed', { keys: deleted });
      }
      return { sleepMs: HOUR_MS };
    },
  });
}
