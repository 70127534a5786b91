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
  const settled = { dueAt: null, holdUntil: null, disable: false };
  switch (outcome.kind) {
    case 'delivered':
      return { ...settled, status: 'delivered', reason: null };
    case 'permanent':
      return {
        ...settled,
        status: 'dead',
        reason: outcome.reason,
        disable: outcome.disable === true,
      };
    case 'blocked':
      return { ...settled, status: 'dead', reason: outcome.reason };
    case 'transient': {
      // That this process stops says nothing of the endpoint: such an attempt never makes a dead letter.
      if (outcome.errorCode === INTERRUPTED) {
        return { ...settled, status: 'waiting', reason: outcome.reason, dueAt: now };
      }
      const { retryAfterMs } = outcome;
      const holdUntil = retryAfterMs ? new Date(now.getTime() + retryAfterMs) : null;
      const next = nextAttempt({ ...input, retryAfterMs });
      return next.kind === 'due'
        ? { ...settled, status: 'waiting', reason: outcome.reason, dueAt: next.at, holdUntil }
        : {
            ...settled,
            status: 'dead',
            reason: exhausted(input.attemptsMade, outcome.reason),
            holdUntil,
          };
    }
    default:
      return outcome satisfies never;
  }
}

function exhausted(attempts: number, reason: string): string {
  const times = attempts === 1 ? 'the only attempt' : `the last of ${attempts} attempts`;
  return `Gave up after ${times}: ${reason}`;
}
