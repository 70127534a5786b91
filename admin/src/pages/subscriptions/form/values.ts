import type {
  MASKED_VALUE as MASK,
  Subscription,
} from '../../../../../server/src/contracts/subscription';
import type { SubscriptionInput } from '../../../services/subscriptions';

/** What stands for a stored header value, which is never sent back to a browser; sent back, it changes nothing. */
export const MASKED_VALUE = '••••••••' satisfies typeof MASK;

export const RETRY_PRESETS = ['partner', 'standard-webhooks', 'fast'] as const;
export const ORDERS = ['per_subject', 'none', 'strict'] as const;

type RetryPreset = (typeof RETRY_PRESETS)[number];

export interface HeaderRow {
  name: string;
  value: string;
}

/** The form's state. Strapi's inputs give null for empty text. */
export interface SubscriptionValues {
  name: string | null;
  description: string | null;
  owner_email: string | null;
  event_types: string[];
  destination: { url: string | null; timeout_seconds: number | null };
  filter: { subject_types: string[]; locales: string[]; changed: string[] };
  delivery: {
    retry: RetryPreset | 'custom';
    /** Seconds before each attempt, as typed; counts when `retry` is `custom`. */
    retry_seconds: string | null;
    order: (typeof ORDERS)[number];
    concurrency: number | null;
  };
  headers: HeaderRow[];
}

/** A new subscription, with the defaults of the contract. */
export const NEW_SUBSCRIPTION: SubscriptionValues = {
  name: null,
  description: null,
  owner_email: null,
  event_types: [],
  destination: { url: null, timeout_seconds: 15 },
  filter: { subject_types: [], locales: [], changed: [] },
  delivery: { retry: 'partner', retry_seconds: null, order: 'per_subject', concurrency: 8 },
  headers: [],
};

export function valuesOf(subscription: Subscription): SubscriptionValues {
  const { destination, filter, delivery } = subscription;

  return {
    name: subscription.name,
    description: subscription.description === '' ? null : subscription.description,
    owner_email: subscription.owner_email,
    event_types: subscription.event_types,
    destination: { url: destination.url, timeout_seconds: destination.timeout_seconds },
    filter: {
      subject_types: filter.subject_types,
      locales: filter.locales,
      changed: filter.changed,
    },
    delivery: {
      retry: Array.isArray(delivery.retry) ? 'custom' : delivery.retry,
      retry_seconds: Array.isArray(delivery.retry) ? delivery.retry.join(', ') : null,
      order: delivery.order,
      concurrency: delivery.concurrency,
    },
    headers: Object.entries(destination.headers).map(([name, value]) => ({ name, value })),
  };
}

/** "0, 10, 60" as numbers; what is no number becomes NaN. */
export function secondsOf(typed: string | null): number[] {
  return (typed ?? '')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
}

/** What is sent: everything the form shows, nothing that it does not. */
export function inputOf(values: SubscriptionValues): SubscriptionInput {
  const { destination, filter, delivery, headers } = values;

  return {
    name: values.name ?? '',
    description: values.description ?? '',
    owner_email: values.owner_email,
    event_types: values.event_types,
    destination: {
      url: destination.url ?? '',
      ...(destination.timeout_seconds === null
        ? {}
        : { timeout_seconds: destination.timeout_seconds }),
      headers: Object.fromEntries(headers.map((header) => [header.name, header.value])),
    },
    filter,
    delivery: {
      retry: delivery.retry === 'custom' ? secondsOf(delivery.retry_seconds) : delivery.retry,
      order: delivery.order,
      ...(delivery.concurrency === null ? {} : { concurrency: delivery.concurrency }),
    },
  };
}
