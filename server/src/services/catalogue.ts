import { inboundDefinitions } from '../../../config/presets/inbound';
import { operationalDefinitions } from '../../../config/presets/operational';
import { Catalogue } from '../domain/catalogue';
import type { ContentSchema } from '../domain/content-type';
import type { EventDefinition } from '../domain/definition';
import type { Options } from './options';

/**
 * The catalogue of this installation: its presets, its own definitions, what partners may tell of, and the events that Newswire
 * raises about itself.
 *
 * @throws Error naming the definition that is wrong.
 */
export function createCatalogue(
  { presets, events, overrides }: Pick<Options, 'presets' | 'events' | 'overrides'>,
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
    ...named('inbound', inboundDefinitions),
    ...named('operational', operationalDefinitions),
  ];
  return new Catalogue(override(definitions, overrides), schema, groups);
}

function override(
  definitions: readonly EventDefinition[],
  overrides: Options['overrides'],
): EventDefinition[] {
  const types = new Set(definitions.map(({ type }) => type));
  const unknown = Object.keys(overrides).find((type) => !types.has(type));
  if (unknown !== undefined) {
    throw new Error(
      `newswire.config.overrides: nothing defines "${unknown}"; there are ${[...types].sort().join(', ')}`,
    );
  }
  return definitions.map((definition) => {
    const { audience, approval, priority } = Object.hasOwn(overrides, definition.type)
      ? (overrides[definition.type] ?? {})
      : {};
    return {
      ...definition,
      ...(audience ? { audience } : {}),
      ...(approval !== undefined ? { approval } : {}),
      ...(priority ? { priority } : {}),
    };
  });
}
