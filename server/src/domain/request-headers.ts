import { signHeaders } from './signature';
import type { SignatureHeaders, SigningKeys } from './signature';

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
  event: EventNames;
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

/** The headers of spec §3, signed afresh with the keys in force now. */
export function requestHeaders(facts: AttemptFacts, version: string): Record<string, string> {
  const sign = (body: string | Buffer) =>
    signHeaders({
      keys: facts.keys,
      id: facts.event.eventId,
      eventType: facts.event.eventType,
      sequenceNumber: facts.event.sequenceNumber,
      now: facts.now,
      body,
    });
  const signature = sign(facts.body);
  const { headers, plain } = facts.content;
  return {
    ...headers,
    'User-Agent': `Newswire/${version}`,
    'X-Event-Type': facts.event.eventType,
    'X-Schema-Version': facts.event.schemaVersion,
    'X-Idempotency-Key': facts.event.eventId,
    ...signature,
    ...(plain === null ? {} : { 'webhook-signature': bothSignatures(signature, sign(plain)) }),
    'X-Subscription-Id': facts.subscriptionId,
    'X-Delivery-Id': facts.deliveryId,
    'X-Delivery-Attempt': String(facts.attempt),
    'X-Delivery-Backlog': String(facts.backlog),
    ...(facts.replay ? { 'X-Replay': 'true' } : {}),
  };
}

/**
 * Signatures over the bytes as they are sent, and over what they decode to. Many receivers never see the former: the body
 * parsers of Express and Koa give out what they have inflated. A receiver needs one entry that fits.
 */
function bothSignatures(sent: SignatureHeaders, plain: SignatureHeaders): string {
  return `${sent['webhook-signature']} ${plain['webhook-signature']}`;
}
