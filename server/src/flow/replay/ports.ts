import type { BatchLimits } from '../../domain/batch';
import type { Database, RunInTransaction } from '../../store/database';
import type { LoggedEvent } from '../../store/logged-events';
import type { Clock, Log, NewId } from '../ports';

/** A subscription's rule and order as they stand now. */
export interface ReplayRule {
  /** False while it is paused or disabled. */
  open: boolean;
  /** Those of these events that the rule matches; called outside of any transaction, so it may take its time. */
  matching(events: LoggedEvent[]): Promise<LoggedEvent[]>;
  orderKey(event: LoggedEvent): string | null;
  /** Set where events are sent in batches. */
  batch: BatchLimits | null;
}

export interface ReadPorts {
  db: Database;
  /** Null when there is no such subscription (any more). */
  rule(subscriptionId: string): Promise<ReplayRule | null>;
}

export interface ReplayPorts extends ReadPorts {
  transaction: RunInTransaction;
  /** Deliveries have become due. */
  due(): void;
  newId: NewId;
  clock: Clock;
  log: Log;
}

export interface ReplaySettings {
  /** While more than this many of a replay's deliveries are on their way, no further one is made. */
  maxWaiting: number;
  /** How often replays are looked for without being woken. */
  pollMs: number;
}
