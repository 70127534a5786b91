import type { EventFilter } from './matching';

export type Order = 'per_subject' | 'none' | 'strict';

/** What routing needs of a subscription. */
export interface RoutingSettings {
  event_types: readonly string[];
  filter: EventFilter & { condition: string | null };
  delivery: { order: Order };
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
