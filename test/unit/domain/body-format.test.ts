import { describe, expect, it, test } from 'vitest';
import { BODY_FORMATS, contentTypeOf, formatBody } from '../../../server/src/domain/body-format';
import type { EventBody } from '../../../server/src/domain/event';

const EVENT: EventBody = {
  sequence_number: 1042,
  produced_at: '2026-01-17T14:32:00.041Z',
  event_id: '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a11',
  event_type: 'executive.commissioner.promoted',
  schema_version: '1.0.0',
  producer_id: 'northlight-cms',
  occurred_at: '2026-01-17T14:32:00.000Z',
  actor: { type: 'admin', user_id: 'u_7192', display_name: 'Angela Jain', role: 'Head of Content' },
  subject: {
    type: 'api::person.person',
    id: 'a1b2c3d4e5f6g7h8i9j0k1l2',
    locale: null,
    change_token: 'token-1',
  },
  changed: ['title', 'reports_to'],
  payload: { name: 'Lee Mason', new_title: 'VP, Scripted' },
};
const LINK = 'https://cms.example.com/api/newswire/manage/events/0198c5a2';

const format = (name: (typeof BODY_FORMATS)[number], event = EVENT) =>
  JSON.parse(JSON.stringify(formatBody(name, event, LINK))) as Record<string, unknown>;

describe('the body format', () => {
  test('event is the event itself', () => {
    expect(formatBody('event', EVENT, LINK)).toBe(EVENT);
  });

  test('standard has type, timestamp and data', () => {
    expect(format('standard')).toEqual({
      type: EVENT.event_type,
      timestamp: EVENT.occurred_at,
      data: EVENT.payload,
    });
  });

  test('thin says what there is to fetch and where, and nothing of the payload', () => {
    expect(format('thin')).toEqual({
      event_id: EVENT.event_id,
      event_type: EVENT.event_type,
      schema_version: '1.0.0',
      sequence_number: 1042,
      occurred_at: EVENT.occurred_at,
      subject: EVENT.subject,
      link: LINK,
    });
  });

  test('cloudevents has the event in CloudEvents attributes', () => {
    expect(format('cloudevents')).toEqual({
      specversion: '1.0',
      id: EVENT.event_id,
      source: 'northlight-cms',
      type: EVENT.event_type,
      subject: EVENT.subject.id,
      time: EVENT.occurred_at,
      datacontenttype: 'application/json',
      schemaversion: '1.0.0',
      sequence: '0000000000001042',
      producedat: EVENT.produced_at,
      subjecttype: 'api::person.person',
      changetoken: 'token-1',
      changed: 'title,reports_to',
      actortype: 'admin',
      actorid: 'u_7192',
      data: EVENT.payload,
    });
  });

  it('says so in its content type', () => {
    expect(BODY_FORMATS.map(contentTypeOf)).toEqual([
      'application/json',
      'application/cloudevents+json',
      'application/json',
      'application/json',
    ]);
  });
});

/** The rules of CloudEvents 1.0.2 and of its JSON format, as far as they bind a producer. */
describe('a CloudEvent', () => {
  const events: [string, EventBody][] = [
    ['of an event with everything', EVENT],
    [
      'of an event with as little as possible',
      {
        ...EVENT,
        actor: { type: 'system', user_id: null, display_name: null, role: null },
        changed: [],
        payload: null,
      },
    ],
    ['of a localised subject', { ...EVENT, subject: { ...EVENT.subject, locale: 'de-AT' } }],
    ['of a producer with an address', { ...EVENT, producer_id: 'https://cms.example.com/a?b=c#d' }],
    [
      'of a producer whose name is no URI',
      { ...EVENT, producer_id: 'Nordlicht "TV" \ud800 100 % ü' },
    ],
    ['after nine quadrillion others', { ...EVENT, sequence_number: Number.MAX_SAFE_INTEGER }],
  ];

  test.each(events)('%s keeps the rules', (_, event) => {
    const { data, ...attributes } = format('cloudevents', event);
    expect(data).toEqual(event.payload);
    for (const [name, value] of Object.entries(attributes)) {
      // §3.1: lower-case letters and digits, 20 characters at most; §3.1.1: text here, never null or empty.
      expect(name).toMatch(/^[a-z0-9]{1,20}$/);
      expect(value).toBeTypeOf('string');
      expect(value).not.toBe('');
    }
    expect(attributes['specversion']).toBe('1.0');
    for (const required of ['id', 'source', 'type']) expect(attributes).toHaveProperty(required);
    // RFC 3986: the characters of a URI reference, and percent signs only before two digits.
    expect(attributes['source']).toMatch(/^([\w\-.~!$&'()*+,;=:@/?#]|%[0-9A-F]{2})+$/);
    // RFC 3339.
    for (const time of ['time', 'producedat']) {
      expect(attributes[time]).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    }
    // RFC 2046.
    expect(attributes['datacontenttype']).toBe('application/json');
    expect(attributes).not.toHaveProperty('data_base64');
  });

  it('sorts by its sequence as text', () => {
    const numbers = [1, 9, 10, 99, 100, 2_147_483_648, Number.MAX_SAFE_INTEGER];
    const texts = numbers.map((sequence_number) =>
      String(format('cloudevents', { ...EVENT, sequence_number })['sequence']),
    );
    expect([...texts].sort()).toEqual(texts);
    expect(texts.map(Number)).toEqual(numbers);
  });
});
