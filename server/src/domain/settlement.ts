import { INTERRUPTED } from './outcome';
import type { Outcome } from './outcome';
import { nextAttempt } from './retry';
import type { RetrySchedule } from './retry';

/** Where a delivery goes after an attempt, and what else follows for its subscription. */
export interface Decision {
  status: 'delivered' | 'dead' | 'waiting';
  reason: string | null;
  /** When to try again; null once settled. */
  dueAt: Date | null;
  /** Nothing is sent to the subscription before this instant (`Retry-After`). */
  holdUntil: Date | null;
  /** The endpoint has said that it is gone for good. */
  disable: boolean;
}

/** Settles an attempt by spec §4: delivered, tried again by the schedule, or dead. */
export function decide(input: {
  outcome: Outcome;
  schedule: RetrySchedule;
  /** Attempts of this schedule, the one just made included. */
  attemptsMade: number;
  now: Date;
  /** In [0, 1). */
  random: number;
}): Decision {
  const { outcome, now } = input;
  switch (outcome.kind) {
    case 'delivered':
      return settled('delivered', null);
    case 'permanent':
      return { ...settled('dead', outcome.reason), disable: outcome.disable === true };
    case 'blocked':
      return settled('dead', outcome.reason);
    case 'transient': {
      // That this process stops says nothing of the endpoint: such an attempt never makes a dead letter.
      if (outcome.errorCode === INTERRUPTED) return waiting(outcome.reason, now);
      const { retryAfterMs } = outcome;
      const holdUntil = retryAfterMs ? new Date(now.getTime() + retryAfterMs) : null;
      const next = nextAttempt({ ...input, retryAfterMs });
      return next.kind === 'due'
        ? { ...waiting(outcome.reason, next.at), holdUntil }
        : { ...settled('dead', exhausted(input.attemptsMade, outcome.reason)), holdUntil };
    }
    default:
      return outcome satisfies never;
  }
}

function settled(status: 'delivered' | 'dead', reason: string | null): Decision {
  return { status, reason, dueAt: null, holdUntil: null, disable: false };
}

function waiting(reason: string, dueAt: Date): Decision {
  return { status: 'waiting', reason, dueAt, holdUntil: null, disable: false };
}

function exhausted(attempts: number, reason: string): string {
  const times = attempts === 1 ? 'the only attempt' : `the last of ${attempts} attempts`;
  return `Gave up after ${times}: ${reason}`;
}
