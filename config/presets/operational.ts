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
      when: () => false,
      build: () => ({}),
    }),
);
