import type { ChangeContext, EventDefinition } from '../domain/definition';
import { serialiseEvent } from '../domain/event';
import type { Actor, Subject } from '../domain/event';
import { checkScope } from '../domain/scope';
import type { EventScope } from '../domain/scope';
import type { NewEvent } from '../store/insert-events';
import type { Clock, NewId } from './ports';

/** Bounds of what is kept about an invalid event. */
const MAX_ERRORS = 20;
const MAX_ERROR_LENGTH = 500;
const MAX_LOCALE_LENGTH = 35;

export interface CaptureSettings {
  producerId: string;
  maxEventBytes: number;
}

/** What of a change is the same for every event that it makes. */
export interface ChangeFacts {
  actor: Actor;
  subject: Subject;
  changed: string[];
}

type Payload = { scope: EventScope | null } & (
  { ok: true; payload: unknown } | { ok: false; payload: unknown; errors: string[] }
);

/** Turns changes into events by the definitions. Pure but for its clock and its ids; it never throws for a definition. */
export class EventFactory {
  readonly #settings: CaptureSettings;
  readonly #clock: Clock;
  readonly #newId: NewId;

  constructor(input: { settings: CaptureSettings; clock: Clock; newId: NewId }) {
    this.#settings = input.settings;
    this.#clock = input.clock;
    this.#newId = input.newId;
  }

  /** The events that a change makes, in the order of the definitions. */
  eventsOf(
    change: ChangeContext,
    facts: ChangeFacts,
    definitions: readonly EventDefinition[],
  ): NewEvent[] {
    return definitions.flatMap((definition) => {
      const made = payloadOf(definition, change);
      return made ? [this.#event(definition, facts, made)] : [];
    });
  }

  /**
   * An event that Newswire itself raises.
   *
   * @throws Error when the payload breaks its schema: that is a defect of ours.
   */
  operational(
    definition: EventDefinition,
    input: { subject: Subject; actor: Actor; payload: unknown; onlyTo?: string },
  ): NewEvent {
    const parsed = definition.payload.safeParse(input.payload);
    if (!parsed.success) {
      throw new Error(`${definition.type}: ${describeIssues(parsed.error.issues).join('; ')}`);
    }
    const facts = { actor: input.actor, subject: input.subject, changed: [] };
    const event = this.#event(definition, facts, { ok: true, payload: parsed.data, scope: null });
    return { ...event, targetSubscriptionId: input.onlyTo ?? null };
  }

  #event(definition: EventDefinition, facts: ChangeFacts, made: Payload): NewEvent {
    const occurredAt = this.#clock.now();
    const { actor, changed } = facts;
    const subject = {
      ...facts.subject,
      locale: facts.subject.locale?.slice(0, MAX_LOCALE_LENGTH) ?? null,
    };
    const eventId = this.#newId();
    const serialise = (payload: unknown) =>
      serialiseEvent({
        event_id: eventId,
        event_type: definition.type,
        schema_version: definition.version,
        producer_id: this.#settings.producerId,
        occurred_at: occurredAt.toISOString(),
        actor,
        subject,
        changed,
        payload,
      });
    const { text, errors } = this.#textOf(made, serialise);
    return {
      eventId,
      eventType: definition.type,
      schemaVersion: definition.version,
      status: errors.length === 0 ? 'unsequenced' : 'invalid',
      subjectType: subject.type,
      subjectId: subject.id,
      locale: subject.locale,
      actorType: actor.type,
      actorId: actor.user_id,
      occurredAt,
      targetSubscriptionId: null,
      changed,
      scope: made.scope,
      errors: errors.slice(0, MAX_ERRORS).map((error) => error.slice(0, MAX_ERROR_LENGTH)),
      text,
    };
  }

  /** The event's text; without its payload where that cannot be written or is too large. */
  #textOf(
    made: Payload,
    serialise: (payload: unknown) => string,
  ): { text: string; errors: string[] } {
    const errors = made.ok ? [] : made.errors;
    try {
      const text = serialise(made.payload ?? null);
      const bytes = Buffer.byteLength(text);
      if (bytes <= this.#settings.maxEventBytes) {
        return { text, errors };
      }
      const limit = this.#settings.maxEventBytes;
      const tooLarge = `The event has ${bytes} bytes; capture.maxEventBytes allows ${limit}`;
      return { text: serialise(null), errors: [...errors, tooLarge] };
    } catch (error) {
      return {
        text: serialise(null),
        errors: [...errors, `The payload is no JSON: ${wordsOf(error)}`],
      };
    }
  }
}

function payloadOf(definition: EventDefinition, change: ChangeContext): Payload | null {
  try {
    if (!definition.when(change)) {
      return null;
    }
    const payload = definition.build(change);
    const scope = checkScope(definition.scope?.(change));
    const parsed = definition.payload.safeParse(payload);
    return parsed.success
      ? { ok: true, payload: parsed.data, scope }
      : { ok: false, payload, scope, errors: describeIssues(parsed.error.issues) };
  } catch (error) {
    const errors = [`The definition failed: ${wordsOf(error)}`];
    return { ok: false, payload: null, scope: null, errors };
  }
}

function describeIssues(issues: { path: PropertyKey[]; message: string }[]): string[] {
  return issues.map((issue) => `payload.${issue.path.map(String).join('.')}: ${issue.message}`);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
