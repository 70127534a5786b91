import type { EventBody } from './event';

export const BODY_FORMATS = ['event', 'cloudevents', 'standard', 'thin'] as const;

/** How an event is written for a subscriber (spec §3). */
export type BodyFormat = (typeof BODY_FORMATS)[number];

/** The media type of a body: CloudEvents has one of its own (CloudEvents JSON format 1.0.2 §3). */
export function contentTypeOf(format: BodyFormat): string {
  return format === 'cloudevents' ? 'application/cloudevents+json' : 'application/json';
}

/**
 * An event in a body format. `link` is the absolute address at which the whole event can be fetched.
 *
 * - `event`: the event of spec §2;
 * - `cloudevents`: CloudEvents 1.0 in structured mode; `data` is the payload, the rest extension attributes;
 * - `standard`: `{ type, timestamp, data }`, as Standard Webhooks recommends a payload;
 * - `thin`: all that is needed to decide whether to fetch it, and where.
 */
export function formatBody(format: BodyFormat, event: EventBody, link: string): object {
  switch (format) {
    case 'event':
      return event;
    case 'cloudevents':
      return cloudEvent(event);
    case 'standard':
      return { type: event.event_type, timestamp: event.occurred_at, data: event.payload };
    case 'thin':
      return {
        event_id: event.event_id,
        event_type: event.event_type,
        schema_version: event.schema_version,
        sequence_number: event.sequence_number,
        occurred_at: event.occurred_at,
        subject: event.subject,
        link,
      };
    default:
      return format satisfies never;
  }
}

/** Digits of the largest safe integer: with them, text sorts as the numbers do. */
const SEQUENCE_DIGITS = 16;

/**
 * Attributes by CloudEvents 1.0.2: names of extensions are lower case letters and digits (§3.1); values are text
 * (§3.1.1 has no integers beyond 32 bits, no lists and no null, so what is null is left out). `sequence` is the
 * documented extension: text that sorts.
 */
function cloudEvent(event: EventBody): object {
  const { subject, actor, changed } = event;
  return {
    specversion: '1.0',
    id: event.event_id,
    source: uriReference(event.producer_id),
    type: event.event_type,
    subject: subject.id,
    time: event.occurred_at,
    datacontenttype: 'application/json',
    schemaversion: event.schema_version,
    sequence: String(event.sequence_number).padStart(SEQUENCE_DIGITS, '0'),
    producedat: event.produced_at,
    subjecttype: subject.type,
    ...(subject.locale === null ? {} : { subjectlocale: subject.locale }),
    changetoken: subject.change_token,
    ...(changed.length === 0 ? {} : { changed: changed.join(',') }),
    actortype: actor.type,
    ...(actor.user_id === null ? {} : { actorid: actor.user_id }),
    data: event.payload,
  };
}

/** A producer's name as a URI reference (RFC 3986): itself where it is one, as addresses and plain names are. */
function uriReference(producerId: string): string {
  return encodeURI(producerId.replace(/\p{Surrogate}/gu, '')).replace(
    /%25([0-9A-Fa-f]{2})/g,
    '%$1',
  );
}
