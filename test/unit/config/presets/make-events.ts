import type { DocumentState } from '../../../../server/src/domain/change';
import type {
  ChangeContext,
  EventDefinition,
  Preset,
} from '../../../../server/src/domain/definition';
import { changedAttributes } from '../../../../server/src/domain/diff';
import type { ItemScopes } from '../../../../server/src/domain/items';
import type { EventScope } from '../../../../server/src/domain/scope';
import { makePayloads } from '../../../../server/src/flow/make-payload';
import { demoSchema } from './demo-schema';

export const NOW = new Date('2026-01-20T12:00:00.000Z');

/** A row as the database gives it: of a type without drafts, or published. */
export type Row = DocumentState;

export interface MadeOf {
  type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test says what it expects
  payload: any;
  scope: EventScope | null;
  items: ItemScopes | null;
  /** Codes of what is wrong with it. */
  problems: string[];
}

/** Makes the events of a preset on the demo's content types. */
export function eventsBy(preset: Preset) {
  const definitions = preset.define(demoSchema);
  return (
    uid: string,
    before: Row | null,
    after: Row | null,
    more: Partial<ChangeContext> = {},
  ): MadeOf[] => {
    const type = demoSchema.contentTypes[uid]!;
    const change: ChangeContext = {
      uid,
      documentId: String((after ?? before)?.['documentId']),
      locale: null,
      action: after === null ? 'delete' : before === null ? 'create' : 'update',
      moment: null,
      draftAndPublish: type.draftAndPublish,
      status: 'published',
      before,
      after,
      changed: changedAttributes(before, after, type.own),
      actor: { type: 'system', user_id: null, display_name: null, role: null },
      now: NOW,
      ...more,
    };
    return definitions
      .filter(({ sources }) => sources.some((source) => source.uid === uid))
      .flatMap((definition) => madeBy(definition, change));
  };
}

/** What the clock makes of a state, at one of its moments. */
export function momentsOf(preset: Preset, type: string, state: Row) {
  const definition = preset.define(demoSchema).find((candidate) => candidate.type === type);
  const moments = definition?.moments?.(state, definition.sources[0]?.uid ?? '') ?? {};
  return Object.fromEntries(
    Object.entries(moments).map(([name, time]) => [name, time && new Date(time).toISOString()]),
  );
}

function madeBy(definition: EventDefinition, change: ChangeContext): MadeOf[] {
  return makePayloads(definition, change).map(({ made }) => ({
    type: definition.type,
    payload: made.payload,
    scope: made.scope,
    items: made.items,
    problems: made.problems.map(({ code, path, message }) =>
      code === 'definition_failed' ? message : `${code} ${path}`,
    ),
  }));
}

export const typesOf = (events: MadeOf[]) => events.map(({ type }) => type);
