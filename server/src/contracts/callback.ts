import { z } from 'zod';
import { pageQuery } from './common';

/** A callback's body, in bytes. */
export const MAX_CALLBACK_BYTES = 1_048_576;

/** How deep objects and lists may lie in each other in a callback. */
export const MAX_CALLBACK_DEPTH = 20;

/** Longest id that is looked for. */
const MAX_ID_LENGTH = 100;

const MAX_EVENT_TYPE_LENGTH = 200;

const id = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  // eslint-disable-next-line no-control-regex -- control characters are exactly what an id must not hold
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not contain control characters');

/** Body of `POST /callbacks`. The payload is validated by the schema of its event type. */
export const postCallback = z.strictObject({
  event_type: z.string().min(1).max(MAX_EVENT_TYPE_LENGTH),
  /** The `event_id` of the event that is answered. */
  in_reply_to: id.nullish(),
  payload: z.custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    { error: 'must be an object' },
  ),
});

/** The header `X-Idempotency-Key`: printable ASCII (RFC 9110 §5.5 wants no more of a header). */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/);

/** Answer of `POST /callbacks`. */
export interface ReceivedCallback {
  /** The event that the callback has become. */
  event_id: string;
  /** The key under which it was taken: sent again, it gets this same answer. */
  idempotency_token: string;
}

const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'A day such as 2026-01-17, or a time, of which the day (UTC) counts',
});

/** A cursor holds an id of 100 characters, however they are written. */
const MAX_CURSOR_LENGTH = 1_000;

/** Query of `GET /consumption`; newest day first. Both ends are days; `until` is the day after the last. */
export const listConsumption = pageQuery.extend({
  after: z.string().max(MAX_CURSOR_LENGTH).optional(),
  content_id: id.optional(),
  partner_id: id.optional(),
  event_type: id.optional(),
  since: day.optional(),
  until: day.optional(),
});

/** What a partner has reported of a title, on one day. */
export interface Consumption {
  partner_id: string;
  event_type: string;
  content_id: string;
  /** `2026-01-17`, UTC. */
  day: string;
  count: number;
}
