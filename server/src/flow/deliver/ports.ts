import type { BreakerPolicy } from '../../domain/endpoint-health';
import type { SigningKeys } from '../../domain/signature';
import type { RetrySchedule } from '../../domain/retry';
import type { SendResult } from '../../destinations/contract';
import type { Database, RunInTransaction } from '../../store/database';
import type { NewEvent } from '../../store/insert-events';
import type { SequencedEvent } from '../../store/read-event-bodies';
import type { Observer } from '../observer';
import type { Log, NewId } from '../ports';
import type { ClockWatch } from './clock-watch';
import type { ShapedRequest } from './shape/shaper';
import type { Unshaped } from './shape/write-event';

/** A subscription as a worker sees it: where and how to send, with its secrets in clear. */
export interface Target {
  subscriptionId: string;
  /** False while it is paused or disabled: then nothing more is begun. */
  open: boolean;
  /** Requests under way at once. */
  concurrency: number;
  /** Requests begun in a second, over all processes; null: as fast as it goes. */
  ratePerSecond: number | null;
  schedule: RetrySchedule;
  /** Within what time an answer of 202 to such an event is to be followed by a callback; null where none is expected. */
  callbackWithinMs(eventType: string): number | null;
  /** Null when the secrets cannot be decrypted: then nothing is sent. */
  keys: SigningKeys | null;
  /** An event in the subscription's shape; never rejects for what the shape does with it. */
  shape(event: SequencedEvent): Promise<ShapedRequest | Unshaped>;
  /** The same of a batch: each of its events in that shape. */
  shapeBatch(batchId: string, events: readonly SequencedEvent[]): Promise<ShapedRequest | Unshaped>;
  /** Sends through the subscription's destination; never rejects for what the network does. */
  send(
    body: string | Buffer,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<SendResult>;
}

export interface DeliverPorts {
  db: Database;
  transaction: RunInTransaction;
  /** All subscriptions as they stand now, by id. Asked for with every claim, so it is kept in memory. */
  targets(): Promise<Map<string, Target>>;
  /** The event that tells of a dead letter; null where none is due (operational events). */
  deliveryFailed(failure: FailedDelivery): NewEvent | null;
  /** The events that tell of a subscription whose state has changed by itself. */
  raise: SubscriptionEvents;
  /** Called when the change has been committed; must not throw. */
  tellOwner(notice: OwnerNotice): void;
  /** Told of results that have been written. */
  observer?: Pick<Observer, 'settled'> | undefined;
  /** Events were inserted: wake the sequencer. */
  eventsInserted(): void;
  /** When a subscription's circuit breaker opens, and when it is tried. */
  breaker: BreakerPolicy;
  newId: NewId;
  clock: ClockWatch;
  log: Log;
}

/** Makes the events that tell of a subscription. */
export interface SubscriptionEvents {
  paused(subscriptionId: string, reason: string): NewEvent;
  recovered(subscriptionId: string): NewEvent;
  disabled(subscriptionId: string, reason: string): NewEvent;
}

/** Something that the owner of a subscription wants to know. */
export interface OwnerNotice {
  kind: 'paused' | 'disabled' | 'recovered';
  subscriptionId: string;
  reason: string | null;
  /** Since when its attempts had failed, as far as is known. */
  since: Date | null;
}

export interface FailedDelivery {
  deliveryId: string;
  subscriptionId: string;
  /** Of a batch its batch id. */
  eventId: string;
  eventType: string;
  /** The types of all that was in it. */
  eventTypes: string[];
  attempts: number;
  reason: string;
  statusCode: number | null;
  errorCode: string | null;
}

export interface DeliverSettings {
  /** Goes into `User-Agent`. */
  version: string;
  concurrency: number;
  claimSize: number;
  flushMs: number;
  leaseMs: number;
  pollMs: number;
  drainMs: number;
}
