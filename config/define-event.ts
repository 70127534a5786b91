import type { z } from 'zod';
import type { EventDefinition } from '../server/src/domain/definition';
import { checkShape } from './definition-shape';
import type { EventInput } from './event-input';
import { toDefinition } from './to-definition';

/**
 * Defines an event: which changes of which content type make it, and what it says.
 *
 * @throws Error naming the definition and the field that is wrong.
 */
export function defineEvent<Payload extends z.ZodType>(
  input: EventInput<Payload>,
): EventDefinition {
  checkShape(input);
  return toDefinition(input);
}
