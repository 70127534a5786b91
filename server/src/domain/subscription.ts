import { createHash } from 'node:crypto';
import type { BatchLimits } from './batch';
import type { EventFilter } from './matching';

export type Order = 'per_subject' | 'none' | 'strict';

/** What routing needs of a subscription. */
export interface RoutingSettings {
  event_types: readonly string[];
  filter: EventFilter & { condition: string | null };
  delivery: { order: Order; coalesce_seconds: number };
  shape: { batch: BatchLimits | null };
}

/** Deliveries of one subscription with the same key go one after the other; null: in any order. */
export function orderKeyOf(order: Order, subject: { type: string; id: string }): string | null {
  switch (order) {
    case 'none':
      return null;
    case 'strict':
      return '*';
    case 'per_subject':
      return `${subject.type}:${subject.id}`;
    default:
      return order satisfies never;
  }
}

/** The order of batches: one after the other, unless the subscription wants none. */
export function batchOrderKeyOf(order: Order): string | null {
  return order === 'none' ? null : '*';
}

/** Events with the same key may be coalesced: same type, same subject. 64 characters. */
export function coalesceKeyOf(event: {
  eventType: string;
  subjectType: string;
  subjectId: string;
  locale: string | null;
}): string {
  const { eventType, subjectType, subjectId, locale } = event;
  return createHash('sha256')
    .update(JSON.stringify([eventType, subjectType, subjectId, locale]))
    .digest('hex');
}
