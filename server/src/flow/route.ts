import { compileRule } from '../domain/matching';
import type { BatchLimits } from '../domain/batch';
import { batchOrderKeyOf, orderKeyOf } from '../domain/subscription';
import type { RoutingSettings } from '../domain/subscription';
import type { PartnerRule } from '../domain/partner-rule';
import { isHeld } from '../store/sequence-events';
import type { UnsequencedEvent } from '../store/sequence-events';

/** A subscription as the sequencer sees it. */
export interface Route {
  subscriptionId: string;
  /** Whether events of the log are routed to it; an event that names it alone always is. */
  open: boolean;
  /** Whether it belongs to a partner: it gets what needs approval when that is given. */
  outside: boolean;
  matches(event: UnsequencedEvent): boolean;
  /** JSONata that must hold of an event besides; null for none. */
  condition: string | null;
  orderKey(event: UnsequencedEvent): string | null;
  /** How long an event waits for newer ones about the same subject; 0: not at all. */
  coalesceMs: number;
  /** Set where events are sent in batches. */
  batch: BatchLimits | null;
}

/** An event that is owed to one subscription, provided that the condition holds. */
export interface Routed {
  route: Pick<Route, 'subscriptionId' | 'coalesceMs' | 'batch' | 'condition'>;
  orderKey: string | null;
}

/** Prepares a subscription's rule once, so that matching an event costs look-ups and no parsing. */
export function makeRoute(subscription: {
  id: string;
  open: boolean;
  settings: RoutingSettings;
  /** What its partner may have; null for one of our own. */
  partner: PartnerRule | null;
}): Route {
  const { settings } = subscription;
  const { order } = settings.delivery;
  const { batch } = settings.shape;
  const { partner } = subscription;
  const rule = { event_types: settings.event_types, filter: settings.filter };
  const wants = compileRule(rule, partner?.inScope);
  return {
    subscriptionId: subscription.id,
    open: subscription.open,
    outside: partner !== null,
    matches: (event) =>
      wants(event) && (partner === null || (!isHeld(event) && partner.mayHave(event.eventType))),
    condition: settings.filter.condition,
    orderKey: (event) =>
      batch
        ? batchOrderKeyOf(order)
        : orderKeyOf(order, { type: event.subjectType, id: event.subjectId }),
    coalesceMs: settings.delivery.coalesce_seconds * 1_000,
    batch,
  };
}

/**
 * To whom an event is owed, and in which order. What is meant for one subscription alone is sent by itself, without
 * condition.
 */
export function routeEvent(event: UnsequencedEvent, routes: readonly Route[]): Routed[] {
  const { targetSubscriptionId } = event;
  if (targetSubscriptionId !== null) {
    const target = routes.find((route) => route.subscriptionId === targetSubscriptionId);
    const { subscriptionId } = target ?? {};
    return subscriptionId === undefined
      ? []
      : [
          {
            route: { subscriptionId, coalesceMs: 0, batch: null, condition: null },
            orderKey: null,
          },
        ];
  }
  return routes
    .filter((route) => route.open && route.matches(event))
    .map((route) => ({ route, orderKey: route.orderKey(event) }));
}
