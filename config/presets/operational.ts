import { z } from 'zod';
import type { EventDefinition } from '../../server/src/domain/definition';
import { toDefinition } from '../to-definition';

const subscription = { subscription_id: z.string(), subscription_name: z.string() };

/** Payloads of the events that Newswire raises about itself. */
const payloads = {
  'webhook.test': z.strictObject({ ...subscription, message: z.string() }),
  'webhook.delivery_failed': z.strictObject({
    ...subscription,
    delivery_id: z.string(),
    event_id: z.string(),
    event_type: z.string(),
    attempts: z.number().int(),
    reason: z.string(),
    status_code: z.number().int().nullable(),
    error_code: z.string().nullable(),
  }),
  'webhook.subscription_paused': z.strictObject({ ...subscription, reason: z.string().nullable() }),
  'webhook.subscription_disabled': z.strictObject({ ...subscription, reason: z.string() }),
  'metric.threshold_crossed': z.strictObject({
    metric: z.literal('sla_attainment'),
    /** Whose promise it is. */
    event_type: z.string(),
    direction: z.enum(['below', 'above']),
    threshold: z.number(),
    value: z.number().nullable(),
    samples: z.number().int(),
    within_seconds: z.number(),
    window_seconds: z.number(),
  }),
  'webhook.subscription_recovered': z.strictObject(subscription),
} as const;

export type OperationalType = keyof typeof payloads;
export type OperationalPayload<Type extends OperationalType> = z.input<(typeof payloads)[Type]>;

const summaries: Record<OperationalType, string> = {
  'webhook.test': 'A test, sent at the wish of an admin.',
  'webhook.delivery_failed': 'A delivery has become a dead letter.',
  'webhook.subscription_paused': 'A subscription was paused; its deliveries wait.',
  'webhook.subscription_disabled': 'A subscription was disabled; nothing more is sent to it.',
  'metric.threshold_crossed':
    'A measured value has fallen below its threshold, or is above it again.',
  'webhook.subscription_recovered':
    'The endpoint answers again: the circuit breaker has resumed the subscription.',
};

const PROMO = {
  subscription_id: '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a11',
  subscription_name: 'Promo',
};

/** What they may look like, in the catalogue. */
const examples: { [Type in OperationalType]: OperationalPayload<Type> } = {
  'webhook.test': { ...PROMO, message: 'A test from Newswire.' },
  'webhook.delivery_failed': {
    ...PROMO,
    delivery_id: '0198c5a2-8c1f-7d4b-a064-308f1d7f6b22',
    event_id: '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a33',
    event_type: 'executive.commissioner.promoted',
    attempts: 8,
    reason: 'The endpoint answered 503',
    status_code: 503,
    error_code: null,
  },
  'webhook.subscription_paused': { ...PROMO, reason: 'Paused by Angela Jain' },
  'webhook.subscription_disabled': { ...PROMO, reason: 'The endpoint answered 410' },
  'webhook.subscription_recovered': PROMO,
  'metric.threshold_crossed': {
    metric: 'sla_attainment',
    event_type: 'executive.commissioner.promoted',
    direction: 'below',
    threshold: 0.99,
    value: 0.97,
    samples: 200,
    within_seconds: 300,
    window_seconds: 86_400,
  },
};

/** Event types whose own failure to be delivered raises no further event (spec §4). */
export function isOperational(eventType: string): boolean {
  return eventType in payloads;
}

/** The definitions of the events that Newswire raises about itself; always in the catalogue. */
export const operationalDefinitions: EventDefinition[] = Object.entries(payloads).map(
  ([type, payload]) =>
    toDefinition<z.ZodType>({
      type,
      version: '1.0.0',
      summary: summaries[type as OperationalType],
      source: [],
      payload,
      examples: [examples[type as OperationalType]],
      when: () => false,
      build: () => ({}),
    }),
);
