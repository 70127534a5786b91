import type { Catalogue } from '../domain/catalogue';
import { majorOf } from '../domain/schema-major';
import type { Evaluate } from '../flow/expression/ports';
import { fieldError } from './validation';
import type { FieldError } from './validation';

/** The expressions of a subscription or of a feed, or of a patch that may leave them out. */
interface GivenExpressions {
  filter?: { condition?: string | null | undefined } | undefined;
  /** Of a subscription. */
  shape?: { transform?: string | null | undefined } | undefined;
  /** Of a feed. */
  transform?: string | null | undefined;
}

/** What is wrong with the words of expressions; empty when they can be parsed. */
export async function checkExpressions(
  given: GivenExpressions,
  evaluate: Evaluate,
): Promise<FieldError[]> {
  const problems = await Promise.all([
    problemOf(['filter', 'condition'], given.filter?.condition, evaluate),
    problemOf(['shape', 'transform'], given.shape?.transform, evaluate),
    problemOf(['transform'], given.transform, evaluate),
  ]);
  return problems.flat();
}

async function problemOf(
  path: string[],
  source: string | null | undefined,
  evaluate: Evaluate,
): Promise<FieldError[]> {
  if (typeof source !== 'string') return [];
  const parsed = await evaluate({ kind: 'parse', source, input: '' });
  if (parsed.kind !== 'value') {
    return [fieldError(path, `The expression could not be checked: ${parsed.reason}`)];
  }
  const problem = JSON.parse(parsed.json) as { message: string; position: number | null } | null;
  if (problem === null) return [];
  const at = problem.position === null ? '' : ` (at position ${problem.position})`;
  return [fieldError(path, `Not a JSONata expression: ${problem.message}${at}`)];
}

/** Patterns that cover no event of the catalogue: each is a mistake. */
export function checkEventTypes(patterns: readonly string[], catalogue: Catalogue): FieldError[] {
  return patterns.flatMap((pattern, index) =>
    catalogue.covered(pattern).length > 0
      ? []
      : [fieldError(['event_types', String(index)], unknownType(pattern, catalogue))],
  );
}

function unknownType(pattern: string, catalogue: Catalogue): string {
  const family = pattern.split('.')[0] ?? '';
  const near = catalogue.definitions
    .map(({ type }) => type)
    .filter((t) => t.startsWith(`${family}.`));
  const known = (near.length > 0 ? near : catalogue.definitions.map(({ type }) => type)).join(', ');
  return `No event of the catalogue matches "${pattern}"; there is ${known}`;
}

/** What is wrong with pinned major versions: each type must be in the catalogue, which must still make that version. */
export function checkPins(
  pins: Readonly<Record<string, number>>,
  catalogue: Catalogue,
): FieldError[] {
  return Object.entries(pins).flatMap(([type, major]) => {
    const definition = catalogue.definition(type);
    const path = ['shape', 'schema_majors', type];
    if (!definition) {
      return [fieldError(path, `There is no event "${type}" in the catalogue`)];
    }
    const { version, previousVersions } = definition;
    const known = [version, ...previousVersions.map((previous) => previous.version)].map(majorOf);
    return known.includes(major)
      ? []
      : [fieldError(path, `${type} has no major version ${major}; there is ${known.join(', ')}`)];
  });
}
