export { defineEvent } from './define-event';
export type { EventInput } from './event-input';
export type { NewswireOptions } from './options';
export { content } from './presets/content';
export type { ContentMapping } from './presets/content/mapping';
export { edition, type EditionMapping } from './presets/edition';
export { executives, type ExecutivesMapping } from './presets/executives';
export { generic, type GenericOptions } from './presets/generic';
export { slate, type SlateMapping } from './presets/slate';
export * from './rules';
export type { FeedItemInput, ShownEvent } from '../server/src/domain/feed-item/item';
export type { GivenScope } from '../server/src/domain/scope';
export type {
  BusinessRule,
  ChangeContext,
  EventDefinition,
  Preset,
  Violation,
} from '../server/src/domain/definition';
