import type { BusinessRule, Violation } from '../../server/src/domain/definition';
import { entries, valuesAt } from './payload-values';
import type { PlacedValue } from './payload-values';

/** Of a payload that is wrong all over, only so much is said; the rest would say the same. */
const MAX_VIOLATIONS = 20;

interface ValueRule {
  code: string;
  summary: string;
  /** Where the values are: `rights.territories`, `titles[].license_terms.territories`. */
  paths: readonly string[];
  /** What is wrong with a value; null where nothing is. Never asked of null. */
  problem: (value: unknown, now: Date) => string | null;
}

/**
 * A rule that looks at each value at its paths by itself, at the entries of lists too. What is not there, and what is null, is
 * the schema's business.
 */
export function valueRule({ code, summary, paths, problem }: ValueRule): BusinessRule {
  return {
    code,
    summary,
    paths,
    check: (payload, now) =>
      violationsOf(
        paths.flatMap((path) => valuesAt(payload, path)).flatMap(entries),
        ({ path, value }) => {
          const message = value === null || value === undefined ? null : problem(value, now);
          return message === null ? null : { path, message };
        },
      ),
  };
}

/** What is wrong with each of the places, as far as it is said. */
export function violationsOf(
  places: readonly PlacedValue[],
  problem: (place: PlacedValue) => Violation | null,
): Violation[] {
  const violations: Violation[] = [];
  for (const place of places) {
    const violation = problem(place);
    if (violation) violations.push(violation);
    if (violations.length === MAX_VIOLATIONS) break;
  }
  return violations;
}
