import type { BusinessRule } from '../../server/src/domain/definition';
import { endInstantOf, instantOf } from '../instants';
import type { EndDate } from '../instants';
import { entries, shown, valuesAt } from './payload-values';
import { violationsOf } from './value-rule';

export interface WindowRule {
  /** Names of the two fields within the window. Default `start_date` and `end_date`. */
  start?: string;
  end?: string;
  /** Whether a last day counts. Default `inclusive`: a window may be of one day. */
  endDate?: EndDate;
  /** Default `end_before_start`. */
  code?: string;
}

/**
 * A window starts before it ends, and both are dates. An open end or start is one. A date without time is in UTC.
 *
 * @param path where the windows are: `rights`, `titles[].license_terms.windows[]`.
 */
export function startBeforeEnd(path: string, rule: WindowRule = {}): BusinessRule {
  const { start = 'start_date', end = 'end_date', endDate, code = 'end_before_start' } = rule;
  return {
    code,
    summary: `${path}.${start} is before ${path}.${end}.`,
    paths: [`${path}.${start}`, `${path}.${end}`],
    check: (payload) =>
      violationsOf(valuesAt(payload, path).flatMap(entries), ({ path: at, value: window }) => {
        const [from] = valuesAt(window, start);
        const [until] = valuesAt(window, end);
        for (const side of [from, until]) {
          if (isGiven(side) && instantOf(side.value) === null) {
            return { path: `${at}.${side.path}`, message: `${shown(side.value)} is not a date` };
          }
        }
        const begins = instantOf(from?.value);
        const ends = endInstantOf(until?.value, endDate);
        if (begins === null || ends === null || begins < ends) return null;
        return {
          path: `${at}.${end}`,
          message: `${shown(until?.value)} is not after the start, ${shown(from?.value)}`,
        };
      }),
  };
}

function isGiven<Side extends { value: unknown }>(side: Side | undefined): side is Side {
  return side?.value !== undefined && side.value !== null;
}
