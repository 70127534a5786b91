/** Codes of what Newswire itself finds wrong with an event; business rules have their own. */
export type ProblemCode =
  'schema_violation' | 'definition_failed' | 'payload_not_json' | 'event_too_large';

/** One reason why an event is invalid. */
export interface EventProblem {
  /** For machines: one of {@link ProblemCode}, or a business rule's code. */
  code: string;
  /** Where: `payload.rights.end_date`; null where it concerns the whole event. */
  path: string | null;
  message: string;
}

/** Bounds of what is kept about an invalid event. */
const MAX_PROBLEMS = 20;
const MAX_CODE_LENGTH = 100;
const MAX_TEXT_LENGTH = 500;

export function boundProblems(problems: readonly EventProblem[]): EventProblem[] {
  return problems.slice(0, MAX_PROBLEMS).map(({ code, path, message }) => ({
    code: code.slice(0, MAX_CODE_LENGTH),
    path: path?.slice(0, MAX_TEXT_LENGTH) ?? null,
    message: message.slice(0, MAX_TEXT_LENGTH),
  }));
}

/** As one line: `payload.rights.end_date: before the start (rights_end_before_start)`. */
export function problemText({ code, path, message }: EventProblem): string {
  return `${path === null ? '' : `${path}: `}${message} (${code})`;
}

/** Issues of a payload's schema. */
export function schemaProblems(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): EventProblem[] {
  return issues.map(({ path, message }) => ({
    code: 'schema_violation' satisfies ProblemCode,
    path: ['payload', ...path.map(String)].join('.'),
    message,
  }));
}
