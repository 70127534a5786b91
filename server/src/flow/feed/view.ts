import type { FeedRule } from '../../domain/feed-rule';
import type { ReleasedEvent } from '../../store/released-events';

/** A rule's view of the log, as this process knows it. */
export interface View {
  rule: FeedRule;
  /** Row id. */
  id: number;
  /** Release number: everything up to it is in the index. Other processes may be further. */
  indexedUntil: number;
}

/** Whether a view shows an event, before its condition. What is for one subscription alone is for no feed. */
export function shows(rule: FeedRule, event: ReleasedEvent): boolean {
  return event.targetSubscriptionId === null && rule.shows(event);
}
