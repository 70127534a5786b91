import type { EventBody, Subject } from '../../domain/event';
import { mayHaveEvent } from '../../domain/partner-rule';
import { findAnsweredEvent, wasGivenTo } from '../../store/answered-event';
import type { AnsweredEvent } from '../../store/answered-event';
import type { Database } from '../../store/database';
import type { Callback } from './ports';

/** The event that a callback answers; null where there is none that the partner was given, or may see. */
export async function answeredBy(
  trx: Database,
  { partnerId, rule, inReplyTo }: Pick<Callback, 'partnerId' | 'rule' | 'inReplyTo'>,
): Promise<AnsweredEvent | null> {
  const event = inReplyTo === null ? null : await findAnsweredEvent(trx, inReplyTo);
  if (event === null) return null;
  const maySee = event.released && mayHaveEvent(rule, event);
  const known = maySee || (await wasGivenTo(trx, { eventRef: event.id, partnerId }));
  return known ? event : null;
}

/** An answer changes nothing of what is answered, so the subject's change token stays, too. */
export function subjectOf(event: AnsweredEvent): Subject {
  return bodyOf(event).subject;
}

export function payloadOf(event: AnsweredEvent): unknown {
  return bodyOf(event).payload;
}

function bodyOf({ text }: AnsweredEvent): EventBody {
  return JSON.parse(`{${text}`) as EventBody;
}
