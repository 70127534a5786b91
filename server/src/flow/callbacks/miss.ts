import { CALLBACK_MISSED } from '../../domain/outcome';
import { missedReason } from '../../domain/settlement';
import { endAwaiting } from '../../store/answers';
import { insertEvents } from '../../store/insert-events';
import { lockMissed } from '../../store/missed-callbacks';
import { retryTransient } from '../retry-transient';
import type { CallbackPorts } from './ports';

/** Deliveries ended in one transaction. */
export const MISSED_AT_ONCE = 100;

/**
 * Ends the wait of deliveries whose callback has not come in time, each once, whichever process comes first: they are dead
 * letters, and an event tells of each.
 *
 * @returns how many there were; as many as {@link MISSED_AT_ONCE} where there may be more.
 */
export async function missCallbacks(
  ports: Pick<CallbackPorts, 'transaction' | 'deliveryFailed' | 'clock'>,
): Promise<number> {
  return retryTransient(() =>
    ports.transaction(async (trx) => {
      const now = ports.clock.now();
      const missed = await lockMissed(trx, { now, limit: MISSED_AT_ONCE });
      for (const { id, withinSeconds } of missed) {
        await endAwaiting(trx, [id], { status: 'dead', reason: missedReason(withinSeconds) });
      }
      const events = missed.flatMap((one) => {
        const { deliveryId, subscriptionId, attempts, eventId, eventType } = one;
        const failed = ports.deliveryFailed({
          ...{ deliveryId, subscriptionId, attempts, eventId, eventType },
          eventTypes: [eventType],
          reason: missedReason(one.withinSeconds),
          statusCode: null,
          errorCode: CALLBACK_MISSED,
        });
        return failed ? [failed] : [];
      });
      await insertEvents(trx, events);
      return missed.length;
    }),
  );
}
