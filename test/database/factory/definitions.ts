import { z } from 'zod';
import type { Audience, EventDefinition } from '../../../server/src/domain/definition';
import { Catalogue } from '../../../server/src/domain/catalogue';
import { toDefinition } from '../../../config/to-definition';

/** A definition with any payload, which no change makes: events of it are put into the log by hand. */
export function anyDefinition(
  type: string,
  audience: Audience,
  personal: readonly string[] = [],
): EventDefinition {
  const definition = toDefinition({
    type,
    version: '1.0.0',
    summary: `Something of ${type} has happened.`,
    source: [],
    audience,
    payload: z.looseObject({ name: z.string().optional() }),
    when: () => false,
    build: () => ({}),
  });
  return { ...definition, personal };
}

export function catalogueOf(...definitions: EventDefinition[]): Catalogue {
  return new Catalogue(definitions, { contentTypes: {}, components: {} });
}
