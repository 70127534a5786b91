import { randomBytes, randomUUID } from 'node:crypto';

/** Not a secret of anybody. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Bytes of an event as it is sent. */
const EVENT_BYTES = 1_024;

/** Letters that JSON does not escape and that compress as little as prose does. */
function text(length) {
  return randomBytes(length).toString('base64').slice(0, length);
}

/**
 * An event of spec §2 of {@link EVENT_BYTES}, about a document of its own, as the queues are given it.
 *
 * @param {number} number
 */
export function makeEvent(number) {
  const event = {
    sequence_number: number,
    produced_at: new Date().toISOString(),
    event_id: randomUUID(),
    event_type: 'entry.updated',
    schema_version: '1.0.0',
    producer_id: 'bench',
    occurred_at: new Date().toISOString(),
    actor: { type: 'system', user_id: null, display_name: null, role: null },
    subject: {
      type: 'api::title.title',
      id: randomUUID(),
      locale: null,
      change_token: 'token',
    },
    changed: ['title'],
    payload: { title: '' },
  };
  event.payload.title = text(EVENT_BYTES - JSON.stringify(event).length);
  return event;
}
