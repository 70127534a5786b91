import type { ChangeContext, EventDefinition } from '../domain/definition';
import { schemaProblems } from '../domain/event-problem';
import type { EventProblem } from '../domain/event-problem';
import type { ItemScopes } from '../domain/items';
import { checkScope } from '../domain/scope';
import type { EventScope } from '../domain/scope';

/** What a definition makes of a change. Invalid where there are problems. */
export interface MadePayload {
  payload: unknown;
  scope: EventScope | null;
  items: ItemScopes | null;
  problems: EventProblem[];
}

/** What an event is made of: the change, with the part of it that the event is about, and the payload. */
export interface MadeEvent {
  change: ChangeContext;
  made: MadePayload;
}

/** Events of one type that one change may make. */
const MAX_PARTS = 1_000;

/** The events that a change makes by a definition: none, one, or one for each of its parts. Never throws for a definition. */
export function makePayloads(definition: EventDefinition, change: ChangeContext): MadeEvent[] {
  try {
    return partsOf(definition, change).flatMap((part) => {
      const made = makePayload(definition, part);
      return made ? [{ change: part, made }] : [];
    });
  } catch (error) {
    return [{ change, made: failed(error) }];
  }
}

function partsOf(definition: EventDefinition, change: ChangeContext): ChangeContext[] {
  const parts = definition.parts?.(change);
  if (!parts) return [change];
  if (parts.length > MAX_PARTS) {
    throw new Error(`${parts.length} parts of one change; at most ${MAX_PARTS} make events`);
  }
  return parts.map((part) => ({ ...change, part }));
}

function makePayload(definition: EventDefinition, change: ChangeContext): MadePayload | null {
  try {
    return definition.when(change) ? buildPayload(definition, change) : null;
  } catch (error) {
    return failed(error);
  }
}

/** The payload of a change that is known to make the event. Never throws for a definition. */
export function remakePayload(definition: EventDefinition, change: ChangeContext): MadePayload {
  try {
    return buildPayload(definition, change);
  } catch (error) {
    return failed(error);
  }
}

function buildPayload(definition: EventDefinition, change: ChangeContext): MadePayload {
  const built = definition.build(change);
  const scope = checkScope(definition.scope?.(change));
  const parsed = definition.payload.safeParse(built);
  if (!parsed.success) {
    return { payload: built, scope, items: null, problems: schemaProblems(parsed.error.issues) };
  }
  const payload = parsed.data;
  const items = itemScopesOf(definition, payload, change);
  return { payload, scope, items, problems: brokenRules(definition, payload, change.now) };
}

function failed(error: unknown): MadePayload {
  const message = `The definition failed: ${error instanceof Error ? error.message : String(error)}`;
  return {
    payload: null,
    scope: null,
    items: null,
    problems: [{ code: 'definition_failed', path: null, message }],
  };
}

function itemScopesOf(
  definition: EventDefinition,
  payload: unknown,
  change: ChangeContext,
): ItemScopes | null {
  const { items: itemised } = definition;
  if (!itemised) return null;
  const { list } = itemised;
  const items = (payload as Record<string, unknown>)[list];
  return {
    list,
    scopes: Array.isArray(items)
      ? items.map((item) => checkScope(itemised.scope(item, change)))
      : [],
  };
}

function brokenRules(definition: EventDefinition, payload: unknown, now: Date): EventProblem[] {
  return definition.rules.flatMap((rule) =>
    rule.check(payload, now).map(({ path, message }) => ({
      code: rule.code,
      path: path === '' ? 'payload' : `payload.${path}`,
      message,
    })),
  );
}
