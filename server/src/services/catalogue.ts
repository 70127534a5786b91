import { operationalDefinitions } from '../../../config/presets/operational';
import { Catalogue } from '../domain/catalogue';
import type { ContentSchema } from '../domain/content-type';
import type { EventDefinition } from '../domain/definition';
import type { Options } from './options';

/**
 * The catalogue of this installation: its presets, its own definitions, and the events that Newswire raises about itself.
 *
 * @throws Error naming the definition that is wrong.
 */
export function createCatalogue(
  { presets, events }: Pick<Options, 'presets' | 'events'>,
  schema: ContentSchema,
): Catalogue {
  const groups = new Map<string, string>();
  const named = (group: string, definitions: readonly EventDefinition[]) => {
    for (const { type } of definitions) groups.set(type, group);
    return definitions;
  };
  const definitions = [
    ...presets.flatMap((preset) => named(preset.name, preset.define(schema))),
    ...events,
    ...named('operational', operationalDefinitions),
  ];
  return new Catalogue(definitions, schema, groups);
}
