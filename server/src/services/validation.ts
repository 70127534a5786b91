import { errors } from '@strapi/utils';
import type { z } from 'zod';

/** One wrong field, as Strapi's admin shows it beside the field. */
export interface FieldError {
  path: string[];
  message: string;
  name: 'ValidationError';
}

export function fieldError(path: string[], message: string): FieldError {
  return { path, message, name: 'ValidationError' };
}

/**
 * Validates what came in at a door.
 *
 * @throws ValidationError (400) that names each wrong field, with `details.errors` and `details.code`.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  code: 'invalid_body' | 'invalid_query',
): z.output<Schema> {
  const result = schema.safeParse(input ?? {});
  if (result.success) {
    return result.data;
  }
  throw refusal(result.error.issues.flatMap(toFieldErrors), code);
}

/** The refusal of wrong fields, all of them at once. */
export function refusal(fields: FieldError[], code: string): Error {
  const words = fields.map((field) => `${field.path.join('.') || 'body'}: ${field.message}`);
  return new errors.ValidationError(words.join('; '), { errors: fields, code });
}

/** Issues as fields. Of alternatives, that one is told which fits best: its first fault lies deepest. */
export function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => fieldError([...path, key], 'There is no such field'));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const depthOf = (issues: readonly z.core.$ZodIssue[]) =>
      Math.min(...issues.map((one) => one.path.length));
    const best = issue.errors.reduce((a, b) => (depthOf(b) > depthOf(a) ? b : a));
    if (depthOf(best) > 0) {
      return best.flatMap(toFieldErrors).map((one) => ({ ...one, path: [...path, ...one.path] }));
    }
  }
  return [fieldError(path, issue.message)];
}
