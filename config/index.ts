export { defineEvent } from './define-event';
export type { EventInput } from './event-input';
export type { NewswireOptions } from './options';
export { executives, type ExecutivesMapping } from './presets/executives';
export { generic, type GenericOptions } from './presets/generic';
export type { GivenScope } from '../server/src/domain/scope';
export type { ChangeContext, EventDefinition, Preset } from '../server/src/domain/definition';
