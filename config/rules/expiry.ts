import type { BusinessRule } from '../../server/src/domain/definition';
import { endInstantOf } from '../instants';
import { shown } from './payload-values';
import { valueRule } from './value-rule';

const DAY_MILLISECONDS = 86_400_000;

export interface ExpiryRule {
  /** How many days from now it may be at most. */
  days: number;
  /** Default `expiry_out_of_limits`. */
  code?: string;
}

/**
 * An expiry lies in the future, and not further than a contract allows. A day without time lasts until it is over, in UTC.
 *
 * @param path where it is: `preview_expiry`, `titles[].preview_expiry`.
 */
export function expiryWithin(path: string, rule: ExpiryRule): BusinessRule {
  const { days, code = 'expiry_out_of_limits' } = rule;
  if (!Number.isFinite(days) || days <= 0) {
    throw new Error(`expiryWithin("${path}"): days must be a number above 0, not ${days}`);
  }
  return valueRule({
    code,
    summary: `${path} is in the future, by ${days} days at most.`,
    paths: [path],
    problem(value, now) {
      const expiry = endInstantOf(value);
      if (expiry === null) return `${shown(value)} is not a date`;
      if (expiry <= now) return `${shown(value)} has passed`;
      const limit = now.getTime() + days * DAY_MILLISECONDS;
      // A day without time may be the last one that begins within the limit.
      const reached = endInstantOf(value, 'exclusive') ?? expiry;
      return reached.getTime() > limit ? `${shown(value)} is more than ${days} days ahead` : null;
    },
  });
}
