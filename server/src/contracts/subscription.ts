import { z } from 'zod';
import { BODY_FORMATS } from '../domain/body-format';
import { pageQuery } from './common';
import { eventFilter, eventTypes, expression, projection, scopeFilter } from './event-filter';
import { patchOf } from './patch';

/** Longest custom header name and value that a subscription may carry, in characters. */
const HEADER_NAME_LENGTH = 100;
const HEADER_VALUE_LENGTH = 4_000;
const MAX_CUSTOM_HEADERS = 20;

/** How many event types a subscription may pin to a major schema version. */
const MAX_PINS = 100;

/** Custom retry schedules: at most this many attempts, none waiting longer than seven days. */
const MAX_RETRY_STEPS = 20;
const MAX_RETRY_DELAY_SECONDS = 7 * 24 * 3600;

/** The newest of several changes is waited for at most a day. */
const MAX_COALESCE_SECONDS = 86_400;

/** Slowest and fastest rate limit: one request in a hundred seconds, and more than one endpoint can take. */
const MIN_RATE_PER_SECOND = 0.01;
const MAX_RATE_PER_SECOND = 10_000;

/** A callback is waited for thirty days at most. */
const MAX_CALLBACK_SECONDS = 30 * 86_400;

/** Largest batch. */
const MAX_BATCH_ITEMS = 1_000;
const MAX_BATCH_BYTES = 10_485_760;
const MAX_BATCH_WAIT_SECONDS = 3_600;

/** What replaces a custom header's value when a subscription is read: values may be credentials. */
export const MASKED_VALUE = '••••••••';

/**
 * A field of the contract whose other values come with a later release. Only its default is taken, so that
 * nobody believes in a filter, a shape or a signature that is not applied.
 */
function onlyDefault<T extends string | number | boolean | null>(value: T, what: string) {
  return z
    .literal(value, {
      error: `${what} is not supported by this version; leave it at ${JSON.stringify(value)}`,
    })
    .default(value as never);
}

const headers = z
  .record(
    z
      .string()
      .max(HEADER_NAME_LENGTH)
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, {
        error: 'Not a valid HTTP header name (RFC 9110 §5.6.2)',
      }),
    z
      .string()
      .max(HEADER_VALUE_LENGTH)
      // eslint-disable-next-line no-control-regex -- control characters are exactly what a header value must not hold
      .regex(/^[^\u0000-\u0008\u000a-\u001f\u007f]*$/, {
        error: 'A header value must not contain control characters',
      }),
  )
  .refine((value) => Object.keys(value).length <= MAX_CUSTOM_HEADERS, {
    error: `At most ${MAX_CUSTOM_HEADERS} custom headers`,
  });

const destination = z.strictObject({
  type: z.literal('webhook').default('webhook'),
  url: z.string().min(1).max(2_000),
  headers: headers.default({}),
  timeout_seconds: z.number().int().min(1).max(60).default(15),
  /** Of `GET /client-certificates`: shown to the endpoint when it asks for one. */
  client_certificate_id: z.string().min(1).max(36).nullable().default(null),
});

const batch = z.strictObject({
  max_items: z.number().int().min(1).max(MAX_BATCH_ITEMS).default(100),
  max_bytes: z.number().int().min(1_024).max(MAX_BATCH_BYTES).default(1_048_576),
  max_wait_seconds: z.number().min(0).max(MAX_BATCH_WAIT_SECONDS).default(5),
});

const shape = z.strictObject({
  body: z
    .enum(BODY_FORMATS, { error: `A body format is one of ${BODY_FORMATS.join(', ')}` })
    .default('event'),
  projection,
  transform: expression,
  schema_majors: z
    .record(z.string().max(200), z.number().int().min(0).max(1_000_000))
    .refine((pins) => Object.keys(pins).length <= MAX_PINS, {
      error: `At most ${MAX_PINS} pinned event types`,
    })
    .default({}),
  gzip: z.boolean().default(false),
  batch: batch.nullable().default(null),
});

const delivery = z.strictObject({
  retry: z
    .union([
      z.enum(['partner', 'standard-webhooks', 'fast']),
      z.array(z.number().min(0).max(MAX_RETRY_DELAY_SECONDS)).min(1).max(MAX_RETRY_STEPS),
    ])
    .default('partner'),
  order: z.enum(['per_subject', 'none', 'strict']).default('per_subject'),
  coalesce_seconds: z.number().min(0).max(MAX_COALESCE_SECONDS).default(0),
  concurrency: z.number().int().min(1).max(256).default(8),
  rate_per_second: z
    .number()
    .min(MIN_RATE_PER_SECOND)
    .max(MAX_RATE_PER_SECOND)
    .nullable()
    .default(null),
  /** An answer of 202 is followed by a callback within this time; null: none is expected. */
  callback_within_seconds: z
    .number()
    .int()
    .min(1)
    .max(MAX_CALLBACK_SECONDS)
    .nullable()
    .default(null),
});

const signing = z.strictObject({
  /** Entries `v1a` in `webhook-signature`. */
  ed25519: z.boolean().default(false),
  /** The header `X-Event-JWS`. */
  jws: z.boolean().default(false),
});

const settings = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2_000),
  owner_email: z.email().max(254).nullable(),
  /** The partner that it belongs to; null for one of our own. */
  partner_id: z.string().min(1).max(36).nullable().default(null),
  event_types: eventTypes,
  approval: z
    .literal('inherit', {
      error: 'Approval is not supported by this version; leave it at "inherit"',
    })
    .default('inherit'),
  state_url: onlyDefault(null, 'A state address'),
};

/** Body of `POST /subscriptions`. Only `name`, `destination.url` and `event_types` are required (spec §7). */
export const createSubscription = z.strictObject({
  ...settings,
  description: settings.description.default(''),
  owner_email: settings.owner_email.default(null),
  state: z.enum(['active', 'sandbox', 'paused']).default('active'),
  destination,
  filter: eventFilter.prefault({}),
  shape: shape.prefault({}),
  delivery: delivery.prefault({}),
  signing: signing.prefault({}),
});

/** Body of `PATCH /subscriptions/:id`: any part of the resource; sections are merged field by field. */
export const updateSubscription = z.strictObject({
  ...patchOf(z.strictObject({ ...settings })).shape,
  state: z.enum(['active', 'sandbox', 'paused']).optional(),
  destination: patchOf(destination).optional(),
  filter: patchOf(eventFilter.extend({ scope: patchOf(scopeFilter) })).optional(),
  shape: patchOf(shape).optional(),
  delivery: patchOf(delivery).optional(),
  signing: patchOf(signing).optional(),
});

/** Body of `POST /subscriptions/:id/pause`. */
export const pauseSubscription = z.strictObject({ reason: z.string().max(500).optional() });

/** Query of `GET /subscriptions`. */
export const listSubscriptions = pageQuery.extend({
  state: z.enum(['sandbox', 'active', 'paused', 'disabled']).optional(),
});

/** A subscription's settings, validated and complete, as they are stored. */
export type SubscriptionSettings = z.output<typeof createSubscription>;

/** What a caller may send to create a subscription. */
export type CreateSubscription = z.input<typeof createSubscription>;

export type SubscriptionState = 'sandbox' | 'active' | 'paused' | 'disabled';

/** The resource `subscription` of spec §7. `secret` and `kid` are there in the answer of the create alone. */
export interface Subscription extends Omit<SubscriptionSettings, 'state'> {
  id: string;
  state: SubscriptionState;
  state_reason: string | null;
  created_at: string;
  updated_at: string;
}

/** Answer of `POST /subscriptions`: the only place where the secret is ever shown. */
export interface CreatedSubscription extends Subscription {
  /** `whsec_` + base64 of 32 random bytes. */
  secret: string;
  /** Id of the key, as sent in `X-Signature-KID`. */
  kid: string;
}
