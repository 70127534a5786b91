/** The event of spec §2: its words, and the one way in which it becomes bytes. */

export type ActorType = 'admin' | 'api-token' | 'user' | 'partner' | 'system';

/** Who made the change. Never holds an e-mail address (spec §2). */
export interface Actor {
  type: ActorType;
  user_id: string | null;
  display_name: string | null;
  role: string | null;
}

/** What the event is about: a document (type is the content type's uid), or a thing of Newswire's own. */
export interface Subject {
  type: string;
  id: string;
  locale: string | null;
  /** Names the state of the subject after the change; equal tokens mean equal state. */
  change_token: string;
}

/** All of an event that is known when it is captured. */
export interface CapturedEvent {
  event_id: string;
  event_type: string;
  schema_version: string;
  producer_id: string;
  /** ISO 8601, UTC. */
  occurred_at: string;
  actor: Actor;
  subject: Subject;
  /** Names of the attributes that differ between the state before and after. */
  changed: string[];
  payload: unknown;
}

/** The whole event, as subscribers and feeds read it. */
export interface EventBody extends CapturedEvent {
  sequence_number: number;
  /** ISO 8601, UTC: the moment the event was given its sequence number. */
  produced_at: string;
}

/**
 * Serialises an event once, at capture, without its opening brace, so that the sequence number and
 * `produced_at`, known only later, can be put in front without touching these bytes again.
 */
export function serialiseEvent(event: CapturedEvent): string {
  return JSON.stringify(event).slice(1);
}

/** The bytes that are sent, signed and served, from what {@link serialiseEvent} stored. */
export function eventBytes(stored: {
  sequenceNumber: number;
  producedAt: Date;
  text: string;
}): string {
  return `{"sequence_number":${stored.sequenceNumber},"produced_at":"${stored.producedAt.toISOString()}",${stored.text}`;
}
