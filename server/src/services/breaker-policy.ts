import type { BreakerPolicy } from '../domain/endpoint-health';
import { seconds } from '../domain/retry';
import type { Options } from './options';

/** The circuit breaker as it is configured. */
export function breakerPolicy(breaker: Options['delivery']['breaker']): BreakerPolicy {
  return {
    failures: breaker.failures,
    failingMs: seconds(breaker.failingSeconds),
    firstProbeMs: seconds(breaker.firstProbeSeconds),
    maxProbeMs: seconds(breaker.maxProbeSeconds),
  };
}
