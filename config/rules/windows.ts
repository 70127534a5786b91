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
 * @param path where the windows are: `rights`, `titles[].license_terms.windows[]`; `` for the payload itself.
 */
export function startBeforeEnd(path: string, rule: WindowRule = {}): BusinessRule {
  const { start = 'start_date', end = 'end_date', endDate, code = 'end_before_start' } = rule;
  const [from, until] = [below(path, start), below(path, end)];
  return {
    code,
    summary: `${from} is before ${until}.`,
    paths: [from, until],
    check: (payload) =>
      violationsOf(valuesAt(payload, path).flatMap(entries), ({ path: at, value: window }) => {
        const [first] = valuesAt(window, start);
        const [last] = valuesAt(window, end);
        for (const side of [first, last]) {
          if (isGiven(side) && instantOf(side.value) === null) {
            return { path: below(at, side.path), message: `${shown(side.value)} is not a date` };
          }
        }
        const begins = instantOf(first?.value);
        const ends = endInstantOf(last?.value, endDate);
        if (begins === null || ends === null || begins < ends) return null;
        return {
          path: below(at, end),
          message: `${shown(last?.value)} is not after the start, ${shown(first?.value)}`,
        };
      }),
  };
}

function isGiven<Side extends { value: unknown }>(side: Side | undefined): side is Side {
  return side?.value !== undefined && side.value !== null;
}

/** The payload itself has no name. */
function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
