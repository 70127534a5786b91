import { REJECTED_BY_PARTNER } from '../../domain/outcome';
import { rejectedReason } from '../../domain/settlement';
import type { AnsweredEvent } from '../../store/answered-event';
import { endAwaiting, lockAwaiting } from '../../store/answers';
import type { Database } from '../../store/database';
import type { NewEvent } from '../../store/insert-events';
import type { Callback, CallbackPorts } from './ports';
import { reasonOf } from './rejection';

/** The status of an awaited delivery by what answers it. */
const ENDS: Readonly<Record<string, 'delivered' | 'dead'>> = {
  'content.ingested': 'delivered',
  'content.rejected': 'dead',
};

/**
 * Ends the wait of the deliveries that an answer is about. One that is dead already, because its time had passed, stays dead.
 *
 * @returns the events that tell of dead letters.
 */
export async function settleAnswered(
  trx: Database,
  ports: Pick<CallbackPorts, 'deliveryFailed'>,
  { callback, answered }: { callback: Callback; answered: AnsweredEvent },
): Promise<NewEvent[]> {
  const status = ENDS[callback.eventType];
  if (status === undefined) return [];
  const { partnerId } = callback;
  const awaiting = await lockAwaiting(trx, { eventRef: answered.id, partnerId });
  const reason = status === 'dead' ? rejectedReason(reasonOf(callback) ?? '') : null;
  await endAwaiting(
    trx,
    awaiting.map(({ id }) => id),
    { status, reason },
  );
  if (reason === null) return [];
  return awaiting.flatMap(({ deliveryId, subscriptionId, attempts }) => {
    const failed = ports.deliveryFailed({
      ...{ deliveryId, subscriptionId, attempts, reason },
      ...{ eventId: answered.eventId, eventType: answered.eventType },
      eventTypes: [answered.eventType],
      statusCode: null,
      errorCode: REJECTED_BY_PARTNER,
    });
    return failed ? [failed] : [];
  });
}
