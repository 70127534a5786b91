import { errors } from '@strapi/utils';
import type { Attempt } from '../contracts/delivery';
import type { Actor } from '../domain/event';
import type { Deliverer } from '../flow/deliver/deliverer';
import type { Database } from '../store/database';
import { findDeliveryOf, listAttempts } from '../store/delivery-log';
import { insertEvents } from '../store/insert-events';
import { readEventBodies } from '../store/read-event-bodies';
import { findSubscription } from '../store/subscriptions';
import { toAttempt } from './deliveries';
import type { OperationalEvents } from './operational-events';

/** How long the sequencer, of whichever process, is waited for. */
const ROUTING_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 10;

export interface TestEventParts {
  db: () => Database;
  operational: OperationalEvents;
  deliverer: Deliverer;
  /** Wakes the sequencer. */
  inserted: () => void;
}

/**
 * Sends `webhook.test` to one subscription at once, whatever its state, by the way that every event goes: log, number,
 * delivery, attempt. It is tried once.
 *
 * @returns the attempt as it was recorded, and the id of its delivery.
 */
export async function sendTestEvent(
  parts: TestEventParts,
  subscriptionId: string,
  actor: Actor,
): Promise<Attempt & { delivery_id: string }> {
  const db = parts.db();
  const subscription = await findSubscription(db, subscriptionId);
  if (!subscription) {
    throw new errors.NotFoundError('There is no such subscription', { code: 'not_found' });
  }
  const event = parts.operational.make('webhook.test', {
    actor,
    onlyTo: subscriptionId,
    payload: {
      subscription_id: subscriptionId,
      subscription_name: subscription.name,
      message: 'This is a test. If you can read it and its signature is right, you are set up.',
    },
  });
  await insertEvents(db, [event]);
  parts.inserted();
  const deliveryId = await routed(db, { eventId: event.eventId, subscriptionId });
  await parts.deliverer.deliverNow(deliveryId);
  return recorded(db, { eventId: event.eventId, subscriptionId });
}

async function routed(
  db: Database,
  input: { eventId: string; subscriptionId: string },
): Promise<string> {
  const until = Date.now() + ROUTING_TIMEOUT_MS;
  while (Date.now() < until) {
    const delivery = await findDeliveryOf(db, input);
    if (delivery) {
      return delivery.deliveryId;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new errors.ApplicationError(
    'The test event was recorded, but no process numbers events at the moment; it is sent as soon as one does',
    { code: 'sequencer_not_running' },
  );
}

async function recorded(
  db: Database,
  input: { eventId: string; subscriptionId: string },
): Promise<Attempt & { delivery_id: string }> {
  const delivery = await findDeliveryOf(db, input);
  const events = await readEventBodies(db, delivery ? [delivery.eventRef] : []);
  const bytes = delivery && events.get(delivery.eventRef)?.body;
  const attempts = delivery ? await listAttempts(db, delivery.id) : [];
  const last = attempts.at(-1);
  if (!delivery || !bytes || !last) {
    throw new errors.ApplicationError(
      'The test event was sent, but its attempt could not be recorded',
      {
        code: 'attempt_not_recorded',
      },
    );
  }
  return { ...toAttempt(last, bytes), delivery_id: delivery.deliveryId };
}
