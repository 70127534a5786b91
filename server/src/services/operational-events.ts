import type { Catalogue } from '../domain/catalogue';
import type { Actor, Subject } from '../domain/event';
import { changeToken } from '../domain/diff';
import type { EventFactory } from '../flow/capture';
import type { FailedDelivery } from '../flow/deliver/ports';
import { attainment } from '../domain/sla';
import type { SlaCrossing } from '../flow/watch-sla';
import type { NewEvent } from '../store/insert-events';
import { isOperational } from '../../../config/presets/operational';
import type { OperationalPayload, OperationalType } from '../../../config/presets/operational';
import { SYSTEM } from './actor';

/** What the operational events are about. */
const SUBSCRIPTION_SUBJECT = 'plugin::newswire.subscription';
const METRIC_SUBJECT = 'plugin::newswire.metric';

/** Room for a subject's id. */
const MAX_SUBJECT_ID = 100;

/** The types whose payload names a subscription, which is what they are about. */
type SubscriptionType = {
  [Type in OperationalType]: OperationalPayload<Type> extends { subscription_id: string }
    ? Type
    : never;
}[OperationalType];

/** Makes the events that Newswire raises about itself; who makes one inserts it. */
export class OperationalEvents {
  readonly #catalogue: Catalogue;
  readonly #factory: EventFactory;

  constructor(catalogue: Catalogue, factory: EventFactory) {
    this.#catalogue = catalogue;
    this.#factory = factory;
  }

  /** Tells of a dead letter; null for an operational event, whose failure raises no further one (spec §4). */
  deliveryFailed(failed: FailedDelivery, subscriptionName: string): NewEvent | null {
    if (failed.eventTypes.every(isOperational)) {
      return null;
    }
    return this.make('webhook.delivery_failed', {
      actor: SYSTEM,
      payload: {
        subscription_id: failed.subscriptionId,
        subscription_name: subscriptionName,
        delivery_id: failed.deliveryId,
        event_id: failed.eventId,
        event_type: failed.eventType,
        attempts: failed.attempts,
        reason: failed.reason,
        status_code: failed.statusCode,
        error_code: failed.errorCode,
      },
    });
  }

  subscriptionDisabled(id: string, subscriptionName: string, reason: string): NewEvent {
    return this.make('webhook.subscription_disabled', {
      actor: SYSTEM,
      payload: { subscription_id: id, subscription_name: subscriptionName, reason },
    });
  }

  subscriptionPaused(id: string, subscriptionName: string, reason: string): NewEvent {
    return this.make('webhook.subscription_paused', {
      actor: SYSTEM,
      payload: { subscription_id: id, subscription_name: subscriptionName, reason },
    });
  }

  subscriptionRecovered(id: string, subscriptionName: string): NewEvent {
    return this.make('webhook.subscription_recovered', {
      actor: SYSTEM,
      payload: { subscription_id: id, subscription_name: subscriptionName },
    });
  }

  /** Tells that an event type's promise on delivery is broken, or kept again. */
  slaCrossed({ eventType, direction, sla, samples }: SlaCrossing, windowSeconds: number): NewEvent {
    const payload: OperationalPayload<'metric.threshold_crossed'> = {
      metric: 'sla_attainment',
      event_type: eventType,
      direction,
      threshold: sla.share,
      value: attainment(samples),
      samples: samples.kept + samples.missed,
      within_seconds: sla.withinSeconds,
      window_seconds: windowSeconds,
    };
    const subject = {
      type: METRIC_SUBJECT,
      id: `sla_attainment:${eventType}`.slice(0, MAX_SUBJECT_ID),
      locale: null,
      change_token: changeToken({ ...payload }),
    };
    return this.#event('metric.threshold_crossed', { payload, subject, actor: SYSTEM });
  }

  make<Type extends SubscriptionType>(
    type: Type,
    input: {
      payload: OperationalPayload<Type> & { subscription_id: string };
      actor: Actor;
      onlyTo?: string;
    },
  ): NewEvent {
    return this.#event(type, {
      ...input,
      subject: {
        type: SUBSCRIPTION_SUBJECT,
        id: input.payload.subscription_id,
        locale: null,
        change_token: changeToken({ type, ...input.payload }),
      },
    });
  }

  #event(
    type: OperationalType,
    input: { payload: unknown; subject: Subject; actor: Actor; onlyTo?: string },
  ): NewEvent {
    const definition = this.#catalogue.definition(type);
    if (!definition) {
      throw new Error(`There is no event definition "${type}"`);
    }
    return this.#factory.raised(definition, input);
  }
}
