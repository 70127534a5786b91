import { compileRule } from '../domain/matching';
import { orderKeyOf } from '../domain/subscription';
import type { RoutingSettings } from '../domain/subscription';
import type { UnsequencedEvent } from '../store/sequence-events';

/** A subscription as the sequencer sees it. */
export interface Route {
  subscriptionId: string;
  /** Whether events of the log are routed to it; an event that names it alone always is. */
  open: boolean;
  matches(event: UnsequencedEvent): boolean;
  /** JSONata that must hold of an event besides; null for none. */
  condition: string | null;
  orderKey(event: UnsequencedEvent): string | null;
}

/** Prepares a subscription's rule once, so that matching an event costs look-ups and no parsing. */
export function makeRoute(subscription: {
  id: string;
  open: boolean;
  settings: RoutingSettings;
}): Route {
  const { settings } = subscription;
  const matches = compileRule({ event_types: settings.event_types, filter: settings.filter });
  return {
    subscriptionId: subscription.id,
    open: subscription.open,
    matches,
    condition: settings.filter.condition,
    orderKey: (event) =>
      orderKeyOf(settings.delivery.order, { type: event.subjectType, id: event.subjectId }),
  };
}

/** A subscription that an event is owed to, provided that its condition holds. */
export interface Match {
  subscriptionId: string;
  orderKey: string | null;
  condition: string | null;
}

/** To whom an event is owed, and in which order. An event for one subscription alone is owed to it without condition. */
export function matchEvent(event: UnsequencedEvent, routes: readonly Route[]): Match[] {
  if (event.targetSubscriptionId !== null) {
    const target = routes.find((route) => route.subscriptionId === event.targetSubscriptionId);
    return target
      ? [{ subscriptionId: target.subscriptionId, orderKey: null, condition: null }]
      : [];
  }
  return routes
    .filter((route) => route.open && route.matches(event))
    .map((route) => ({
      subscriptionId: route.subscriptionId,
      orderKey: route.orderKey(event),
      condition: route.condition,
    }));
}
