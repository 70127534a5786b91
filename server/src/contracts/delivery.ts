import { z } from 'zod';
import { isoTime, pageQuery } from './common';
import type { StoredEvent } from './event';

export const DELIVERY_STATUSES = [
  'waiting',
  'sending',
  'delivered',
  'awaiting_callback',
  'dead',
  'superseded',
  'cancelled',
] as const;

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Query of `GET /deliveries`; newest first. `event_type` takes a pattern such as `executive.*`. */
export const listDeliveries = pageQuery.extend({
  status: z.enum(DELIVERY_STATUSES).optional(),
  subscription_id: z.string().max(64).optional(),
  event_id: z.string().max(64).optional(),
  event_type: z.string().max(200).optional(),
  since: isoTime.optional(),
  until: isoTime.optional(),
});

/** The resource `delivery` of spec §7. */
export interface Delivery {
  id: string;
  subscription_id: string;
  /** The event; of a batch its batch id, as in `X-Idempotency-Key`. */
  event_id: string;
  /** `batch` for a batch. */
  event_type: string;
  /** Events in it: 1, but for a batch. */
  items: number;
  /** Of a batch its first event's, as is `subject_id`. */
  sequence_number: number;
  subject_id: string | null;
  status: DeliveryStatus;
  /** Why the delivery stands where it stands, in words, e.g. `The endpoint answered 404`. */
  reason: string | null;
  attempts: number;
  next_attempt_at: string | null;
  settled_at: string | null;
  replay: boolean;
  created_at: string;
}

/** The resource `attempt` of spec §7. Credentials in headers are masked. */
export interface Attempt {
  /** Counts from 1. */
  number: number;
  started_at: string;
  duration_ms: number;
  outcome: 'delivered' | 'transient' | 'permanent' | 'blocked';
  status_code: number | null;
  /** Machine code of what went wrong where there was no answer, e.g. `ECONNREFUSED`. */
  error_code: string | null;
  request: { headers: Record<string, string>; body: string };
  response: { headers: Record<string, string>; body: string; truncated: boolean };
}

/** `GET /deliveries/:id`: the delivery, its attempts oldest first, its event and its subscription's name. */
export interface DeliveryDetail extends Delivery {
  attempt_log: Attempt[];
  /** Of a batch its first one. */
  event: StoredEvent;
  /** Ids of all events in it, in sequence order. */
  event_ids: string[];
  /** Null when the subscription has been deleted since. */
  subscription_name: string | null;
}
