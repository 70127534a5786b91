import { originOf } from '../domain/change-origin';
import type { Attributes } from '../domain/content-type';
import type { ChangeContext, EventDefinition } from '../domain/definition';
import { serialiseEvent } from '../domain/event';
import type { Actor, Subject } from '../domain/event';
import { boundProblems, problemText, schemaProblems } from '../domain/event-problem';
import type { EventProblem, ProblemCode } from '../domain/event-problem';
import type { EventScope } from '../domain/scope';
import type { NewEvent } from '../store/insert-events';
import { makePayloads, remakePayload } from './make-payload';
import type { MadePayload } from './make-payload';
import type { Clock, NewId } from './ports';

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
  /** The content type's; empty where the event is about no document. */
  attributes: Attributes;
}

/** What an event is put together of, beside its definition. */
interface Parts {
  facts: ChangeFacts;
  made: MadePayload;
  eventId: string;
  occurredAt: Date;
}

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
    return definitions.flatMap((definition) =>
      makePayloads(definition, change).map(({ change: part, made }) => {
        const eventId = this.#newId();
        return this.#capture(definition, part, { facts, made, eventId, occurredAt: change.now });
      }),
    );
  }

  /** An invalid event, made again by its definition: its id and the time at which it occurred stay. */
  remake(
    definition: EventDefinition,
    change: ChangeContext,
    recorded: { facts: ChangeFacts; eventId: string; occurredAt: Date },
  ): NewEvent {
    const made = remakePayload(definition, change);
    return this.#capture(definition, change, { ...recorded, made });
  }

  /**
   * An event of no change: one that Newswire itself raises, or that a partner tells us of.
   *
   * @throws Error when the payload breaks its schema: that is a defect of ours.
   */
  raised(
    definition: EventDefinition,
    input: {
      subject: Subject;
      actor: Actor;
      payload: unknown;
      scope?: EventScope;
      /** The one subscription that gets it. */
      onlyTo?: string;
    },
  ): NewEvent {
    const parsed = definition.payload.safeParse(input.payload);
    if (!parsed.success) {
      const problems = schemaProblems(parsed.error.issues).map(problemText);
      throw new Error(`${definition.type}: ${problems.join('; ')}`);
    }
    const facts = { actor: input.actor, subject: input.subject, changed: [], attributes: {} };
    const { scope = null } = input;
    const made = { payload: parsed.data, scope, items: null, problems: [] };
    const event = this.#event(definition, {
      facts,
      made,
      eventId: this.#newId(),
      occurredAt: this.#clock.now(),
    });
    return { ...event, targetSubscriptionId: input.onlyTo ?? null };
  }

  /** An event of a change; an invalid one keeps the change, from which it can be made again. */
  #capture(definition: EventDefinition, change: ChangeContext, input: Parts): NewEvent {
    const event = this.#event(definition, input);
    if (event.status !== 'invalid') return event;
    const { attributes } = input.facts;
    const maxBytes = 2 * this.#settings.maxEventBytes;
    return { ...event, origin: originOf(change, { attributes, maxBytes }) };
  }

  #event(definition: EventDefinition, { facts, made, eventId, occurredAt }: Parts): NewEvent {
    const { actor, changed } = facts;
    const subject = {
      ...facts.subject,
      locale: facts.subject.locale?.slice(0, MAX_LOCALE_LENGTH) ?? null,
    };
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
    const { text, problems } = this.#textOf(made, serialise);
    return {
      eventId,
      eventType: definition.type,
      schemaVersion: definition.version,
      status: problems.length === 0 ? 'unsequenced' : 'invalid',
      subjectType: subject.type,
      subjectId: subject.id,
      locale: subject.locale,
      actorType: actor.type,
      actorId: actor.user_id,
      occurredAt,
      targetSubscriptionId: null,
      changed,
      scope: made.scope,
      items: made.items,
      problems: boundProblems(problems),
      needsApproval: definition.approval,
      text,
    };
  }

  /** The event's text; without its payload where that cannot be written or is too large. */
  #textOf(
    { payload, problems }: MadePayload,
    serialise: (payload: unknown) => string,
  ): { text: string; problems: EventProblem[] } {
    const broken = (code: ProblemCode, message: string) => ({
      text: serialise(null),
      problems: [...problems, { code, path: null, message }],
    });
    try {
      const text = serialise(payload ?? null);
      const bytes = Buffer.byteLength(text);
      const limit = this.#settings.maxEventBytes;
      return bytes <= limit
        ? { text, problems }
        : broken(
            'event_too_large',
            `The event has ${bytes} bytes; capture.maxEventBytes allows ${limit}`,
          );
    } catch (error) {
      return broken('payload_not_json', `The payload is no JSON: ${wordsOf(error)}`);
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
