import { INTERRUPTED } from './outcome';
import type { Outcome } from './outcome';
import { nextAttempt } from './retry';
import type { RetrySchedule } from './retry';

/** Reasons are kept in columns of 500 characters. */
export const MAX_REASON_LENGTH = 500;

/** Where a delivery goes after an attempt, and what else follows for its subscription. */
export interface Decision {
  status: 'delivered' | 'awaiting_callback' | 'dead' | 'waiting';
  reason: string | null;
  /** When to try again; null once settled. */
  dueAt: Date | null;
  /** Within what time of being written a callback is expected; null where none is. */
  callbackWithinMs: number | null;
  /** Nothing is sent to the subscription before this instant (`Retry-After`). */
  holdUntil: Date | null;
  /** The endpoint has said that it is gone for good. */
  disable: boolean;
}

/** Taken, but not dealt with yet (RFC 9110 §15.3.3). */
const ACCEPTED = 202;

/** Settles an attempt by spec §4: delivered, tried again by the schedule, or dead. */
export function decide(input: {
  outcome: Outcome;
  schedule: RetrySchedule;
  /** Attempts of this schedule, the one just made included. */
  attemptsMade: number;
  now: Date;
  /** In [0, 1). */
  random: number;
  /** Within what time an answer of 202 is to be followed by a callback; left out or null: none is. */
  callbackWithinMs?: number | null;
}): Decision {
  const { outcome, now, callbackWithinMs } = input;
  switch (outcome.kind) {
    case 'delivered':
      return callbackWithinMs && outcome.statusCode === ACCEPTED
        ? { ...settled('awaiting_callback', null), callbackWithinMs }
        : settled('delivered', null);
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

const NOTHING_ELSE = { dueAt: null, callbackWithinMs: null, holdUntil: null, disable: false };

function settled(
  status: 'delivered' | 'awaiting_callback' | 'dead',
  reason: string | null,
): Decision {
  return { ...NOTHING_ELSE, status, reason };
}

function waiting(reason: string, dueAt: Date): Decision {
  return { ...NOTHING_ELSE, status: 'waiting', reason, dueAt };
}

function exhausted(attempts: number, reason: string): string {
  const times = attempts === 1 ? 'the only attempt' : `the last of ${attempts} attempts`;
  return `Gave up after ${times}: ${reason}`;
}

/** Why a delivery is dead that its partner has refused. */
export function rejectedReason(why: string): string {
  return `Rejected by the partner${why === '' ? '' : `: ${why}`}`.slice(0, MAX_REASON_LENGTH);
}

/** Why a delivery is dead of which nothing more was heard. */
export function missedReason(seconds: number): string {
  return `No callback within ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
}
