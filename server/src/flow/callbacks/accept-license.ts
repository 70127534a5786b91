import type { Breach } from '../../domain/callback-rules';
import { licensed, licenseBreach, offerOf } from '../../domain/license';
import { insertAcceptance, isSuperseded, listAcceptances } from '../../store/acceptances';
import type { AnsweredEvent } from '../../store/answered-event';
import type { Database } from '../../store/database';
import { lockState } from '../../store/lock-state';
import { STATE } from '../../store/tables';
import { payloadOf } from './answered';
import type { Callback } from './ports';

/** The payload of `license.accepted`, as its schema has it. */
interface Accepted {
  title_id: string;
  territories?: string[] | null;
  license_terms?: { exclusive?: boolean | null } | null;
}

/**
 * Records that a partner has accepted an offer: one acceptance at a time, whoever accepts, so that what is exclusive is sold
 * once. In a transaction at READ COMMITTED, which sees what the one before has written.
 *
 * @returns why it cannot be; null where it is recorded.
 */
export async function acceptLicense(
  trx: Database,
  input: { callback: Callback; offer: AnsweredEvent; eventId: string; now: Date },
): Promise<Breach | null> {
  const { callback, offer: answered, eventId, now } = input;
  const accepted = callback.payload as Accepted;
  const offer = offerOf({ eventType: answered.eventType, payload: payloadOf(answered) });
  const titleId = titleOf(answered) ?? accepted.title_id;
  const wish = {
    partnerId: callback.partnerId,
    offerEventId: answered.eventId,
    territories: [...new Set(accepted.territories ?? [])],
    exclusive: accepted.license_terms?.exclusive ?? null,
  };
  await lockState(trx, STATE.acceptances);
  const breach = licenseBreach({
    wish,
    offer,
    superseded: await isSuperseded(trx, answered),
    held: await listAcceptances(trx, titleId),
    now,
  });
  if (breach) return breach;
  await insertAcceptance(trx, {
    ...{ eventId, offerEventId: wish.offerEventId, titleId, partnerId: wish.partnerId },
    ...{ exclusive: offer.exclusive, territories: licensed(wish, offer) },
    ...{ startsAt: offer.startsAt, endsAt: offer.endsAt, acceptedAt: now },
  });
  return null;
}

/** By which licences of one title are known, whatever an answer calls it. */
function titleOf(offer: AnsweredEvent): string | null {
  const payload = payloadOf(offer) as { title_id?: unknown } | null;
  return typeof payload?.title_id === 'string' ? payload.title_id : null;
}
