import {
  INTERNAL_ERROR,
  INTERRUPTED,
  SCHEMA_NOT_KNOWN_YET,
  SECRET_UNREADABLE,
  TRANSFORM_UNFINISHED,
} from './outcome';
import type { Outcome } from './outcome';
import type { Milliseconds } from './retry';

/**
 * What the results of a subscription's attempts say of its endpoint.
 *
 *   active ──20 failures in a row over 30 s──▶ paused, circuit breaker open ──probe succeeds──▶ active
 *                                                │  ▲ one delivery is tried, later and later
 *                                                └──┘
 *   any ──100 failures in a row over 5 days, or 410──▶ disabled (spec §4)
 */
export interface EndpointHealth {
  /** Attempts that failed since the last success. */
  failures: number;
  /** When the first of them failed. */
  failingSince: Date | null;
  /** Whether the circuit breaker has paused the subscription. */
  open: boolean;
  /** Probes that have failed since it opened. */
  probesFailed: number;
}

/** When the circuit breaker opens, and how long it waits between probes. */
export interface BreakerPolicy {
  /** So many failures in a row … */
  failures: number;
  /** … over at least so long open it. */
  failingMs: Milliseconds;
  /** The wait before the first probe; it doubles with each that fails, … */
  firstProbeMs: Milliseconds;
  /** … up to this. */
  maxProbeMs: Milliseconds;
}

/** Spec §4: disabled only after at least so many failures in a row AND so long without a success. */
const DISABLE_AFTER_FAILURES = 100;
const DISABLE_AFTER_DAYS = 5;
const DAY_MS = 86_400_000;

/**
 * What one attempt says of its endpoint: `up` (it took the delivery), `refused` (it answers, but not with success),
 * `down` (it does not answer, or answers that it cannot), or nothing at all, where the cause was on our side.
 */
export type Sign = 'up' | 'refused' | 'down' | 'none';

/** Reads the sign of an outcome. */
export function signOf(outcome: Outcome): Sign {
  switch (outcome.kind) {
    case 'delivered':
      return 'up';
    case 'permanent':
      return outcome.statusCode === null ? 'none' : 'refused';
    case 'blocked':
      return 'refused';
    case 'transient':
      return OURS.has(outcome.errorCode ?? '') ? 'none' : 'down';
    default:
      return outcome satisfies never;
  }
}

const OURS: ReadonlySet<string> = new Set([
  INTERRUPTED,
  SECRET_UNREADABLE,
  INTERNAL_ERROR,
  TRANSFORM_UNFINISHED,
  SCHEMA_NOT_KNOWN_YET,
]);

/** One result: its sign, and whether the attempt was the probe of an open circuit breaker. */
export interface Result {
  sign: Sign;
  probe: boolean;
}

export type HealthStep =
  | { kind: 'unchanged' }
  /** Counted; nothing else follows. */
  | { kind: 'counted' }
  | { kind: 'open'; probeAt: Date; reason: string }
  | { kind: 'probe-failed'; probeAt: Date }
  | { kind: 'close' }
  | { kind: 'disable'; reason: string };

/** The health after results, in the order in which they came, and what follows for the subscription. */
export function judgeHealth(
  before: EndpointHealth,
  input: { results: readonly Result[]; now: Date; breaker: BreakerPolicy },
): { health: EndpointHealth; step: HealthStep } {
  const { results, now, breaker } = input;
  const signs = results.filter(({ sign }) => sign !== 'none');
  const last = signs.at(-1);
  if (last === undefined) {
    return { health: before, step: { kind: 'unchanged' } };
  }
  const health = count(before, signs, now);
  const answers = signs.some(({ sign, probe }) => sign === 'up' || (sign === 'refused' && probe));
  if (before.open && answers) {
    return { health: { ...health, open: false, probesFailed: 0 }, step: { kind: 'close' } };
  }
  const failingMs = health.failingSince ? now.getTime() - health.failingSince.getTime() : 0;
  if (health.failures >= DISABLE_AFTER_FAILURES && failingMs >= DISABLE_AFTER_DAYS * DAY_MS) {
    const reason = `${health.failures} attempts have failed one after the other, and none has succeeded for ${Math.floor(failingMs / DAY_MS)} days`;
    return {
      health: { ...health, open: false, probesFailed: 0 },
      step: { kind: 'disable', reason },
    };
  }
  if (before.open) {
    if (!signs.some(({ probe }) => probe)) return { health, step: { kind: 'counted' } };
    const probesFailed = before.probesFailed + 1;
    const probeAt = new Date(now.getTime() + probeDelay(breaker, probesFailed));
    return { health: { ...health, probesFailed }, step: { kind: 'probe-failed', probeAt } };
  }
  const trips = health.failures >= breaker.failures && failingMs >= breaker.failingMs;
  if (last.sign === 'down' && trips) {
    const reason = `Circuit breaker: ${health.failures} attempts have failed one after the other in ${Math.round(failingMs / 1_000)} s`;
    const probeAt = new Date(now.getTime() + probeDelay(breaker, 0));
    return {
      health: { ...health, open: true, probesFailed: 0 },
      step: { kind: 'open', probeAt, reason },
    };
  }
  return { health, step: { kind: 'counted' } };
}

function count(before: EndpointHealth, results: readonly Result[], now: Date): EndpointHealth {
  const lastUp = results.map(({ sign }) => sign).lastIndexOf('up');
  const failures = (lastUp === -1 ? before.failures : 0) + (results.length - 1 - lastUp);
  const known = lastUp === -1 ? before.failingSince : null;
  return { ...before, failures, failingSince: failures > 0 ? (known ?? now) : null };
}

function probeDelay(breaker: BreakerPolicy, probesFailed: number): number {
  return Math.min(breaker.firstProbeMs * 2 ** Math.min(probesFailed, 30), breaker.maxProbeMs);
}
