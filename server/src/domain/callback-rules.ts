/** What a callback must keep to beside its schema: pure, of facts that were read before. */

/** Why a callback is refused, for machines. */
export type BreachCode =
  | 'in_reply_to_required'
  | 'unknown_event'
  | 'content_mismatch'
  | 'time_in_future'
  | 'not_an_offer'
  | 'terms_mismatch'
  | 'territory_not_offered'
  | 'offer_expired'
  | 'offer_superseded'
  | 'offer_already_accepted'
  | 'already_sold_exclusively'
  | 'already_licensed';

export interface Breach {
  code: BreachCode;
  /** Where in the body. */
  path: string[];
  message: string;
}

/** An answer to an event, as far as rules look at it. */
export interface Reply {
  eventType: string;
  inReplyTo: string | null;
  /** What it says it is about: `content_id`, of a licence `title_id`. */
  contentId: string;
}

/** The event that is answered; null where there is none that this partner was given or may see. */
export type AnsweredFacts = { subjectId: string; payload: unknown } | null;

/** Where the id stands, by the type of the answer. */
const ID_FIELD: Readonly<Record<string, string>> = { 'license.accepted': 'title_id' };

/** The first rule that an answer breaks; null where it breaks none. */
export function replyBreach(reply: Reply, answered: AnsweredFacts): Breach | null {
  if (reply.inReplyTo === null) {
    return {
      code: 'in_reply_to_required',
      path: ['in_reply_to'],
      message: `${reply.eventType} answers an event: give its event_id`,
    };
  }
  if (answered === null) return unknownEvent();
  const ids = idsOf(answered);
  if (ids.includes(reply.contentId)) return null;
  const field = ID_FIELD[reply.eventType] ?? 'content_id';
  return {
    code: 'content_mismatch',
    path: ['payload', field],
    message: `The event that is answered is about ${ids.map((id) => JSON.stringify(id)).join(' or ')}`,
  };
}

/** The same words whether there is no such event or the partner may not know of it. */
export function unknownEvent(): Breach {
  return {
    code: 'unknown_event',
    path: ['in_reply_to'],
    message: 'You were given no event of this id',
  };
}

/** What an event may be known by: its subject's id, and what its payload calls it. */
function idsOf({ subjectId, payload }: NonNullable<AnsweredFacts>): string[] {
  const named = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<
    string,
    unknown
  >;
  const given = [named['content_id'], named['title_id']].filter((id) => typeof id === 'string');
  return [...new Set([...given, subjectId])];
}
