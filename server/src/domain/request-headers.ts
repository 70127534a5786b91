import { signHeaders } from './signature';
import type { SigningKeys } from './signature';
import { traceHeaders } from './trace-context';
import type { TraceContext } from './trace-context';

/** What a request is called in its headers: by its event, or by its batch. */
export interface EventNames {
  /** The same on every attempt and replay. */
  eventId: string;
  eventType: string;
  schemaVersion: string;
  /** Null for a batch. */
  sequenceNumber: number | null;
}

/** What of an attempt goes into the headers of its request. */
export interface AttemptFacts {
  event: EventNames & { trace?: TraceContext | null };
  subscriptionId: string;
  deliveryId: string;
  /** Counts from 1. */
  attempt: number;
  /** Deliveries now owed to the subscription, this one included. */
  backlog: number;
  replay: boolean;
  /** As it is sent. */
  body: string | Buffer;
  /** The body's own headers, and the body before it was compressed; null where it was not. */
  content: { headers: Readonly<Record<string, string>>; plain: string | null };
  keys: SigningKeys;
  now: Date;
}

/** The headers of spec §3 and the trace of the change, signed afresh with the keys in force now. */
export function requestHeaders(facts: AttemptFacts, version: string): Record<string, string> {
  const { headers, plain } = facts.content;
  const signature = signHeaders({
    keys: facts.keys,
    id: facts.event.eventId,
    eventType: facts.event.eventType,
    sequenceNumber: facts.event.sequenceNumber,
    now: facts.now,
    body: facts.body,
    plain,
  });
  return {
    ...headers,
    'User-Agent': `Newswire/${version}`,
    'X-Event-Type': facts.event.eventType,
    'X-Schema-Version': facts.event.schemaVersion,
    'X-Idempotency-Key': facts.event.eventId,
    ...signature,
    'X-Subscription-Id': facts.subscriptionId,
    'X-Delivery-Id': facts.deliveryId,
    'X-Delivery-Attempt': String(facts.attempt),
    'X-Delivery-Backlog': String(facts.backlog),
    ...(facts.replay ? { 'X-Replay': 'true' } : {}),
    ...traceHeaders(facts.event.trace ?? null),
  };
}
