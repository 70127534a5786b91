import type { PartnerRule } from '../../domain/partner-rule';
import type { Subject } from '../../domain/event';
import type { RunInTransaction } from '../../store/database';
import type { NewEvent } from '../../store/insert-events';
import type { FailedDelivery } from '../deliver/ports';
import type { Clock } from '../ports';

/** What a partner tells us, validated by its schema. */
export interface Callback {
  partnerId: string;
  /** What the partner may have. */
  rule: PartnerRule;
  idempotencyKey: string;
  eventType: string;
  inReplyTo: string | null;
  payload: unknown;
}

export interface CallbackPorts {
  transaction: RunInTransaction;
  /** The event that a callback becomes. */
  eventOf(callback: Callback, subject: Subject): NewEvent;
  /** The event that tells of a dead letter; null where none is due (operational events). */
  deliveryFailed(failure: FailedDelivery): NewEvent | null;
  clock: Pick<Clock, 'now'>;
}
