import type { z } from 'zod';
import type { EventDefinition } from '../../domain/definition';
import { UnprocessableContentError } from '../unprocessable';
import { fieldError, refusal, toFieldErrors } from '../validation';

/** More faults than these say nothing new. */
const MAX_FAULTS = 20;

/**
 * A callback's payload by the definition of its event type.
 *
 * @throws ValidationError (400, `invalid_body`) where it breaks the schema; UnprocessableContentError (422) with the code of
 *   the business rule that it breaks.
 */
export function checkPayload(definition: EventDefinition, payload: unknown, now: Date): unknown {
  const parsed = definition.payload.safeParse(payload);
  if (!parsed.success) {
    const issues = parsed.error.issues as z.core.$ZodIssue[];
    const fields = issues
      .flatMap(toFieldErrors)
      .slice(0, MAX_FAULTS)
      .map(({ path, message }) => fieldError(['payload', ...path], message));
    throw refusal(fields, 'invalid_body');
  }
  for (const rule of definition.rules) {
    const violations = rule.check(parsed.data, now);
    if (violations.length === 0) continue;
    const fields = violations.map(({ path, message }) =>
      fieldError(['payload', ...path.split('.').filter(Boolean)], message),
    );
    const words = fields.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new UnprocessableContentError(words.join('; '), { code: rule.code, errors: fields });
  }
  return parsed.data;
}
