import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Catalogue } from '../domain/catalogue';
import type { ChangeAction } from '../domain/change';
import type { ContentSchema, ContentTypeShape } from '../domain/content-type';
import type { ChangeContext, EventDefinition } from '../domain/definition';
import { changedAttributes, changeToken, normaliseState } from '../domain/diff';
import { REVIEW_STAGE, stageChanged } from '../domain/review-stage';
import { problemText } from '../domain/event-problem';
import { momentsOf } from '../domain/moments';
import type { ChangeFacts, EventFactory } from '../flow/capture';
import type { Clock, Log } from '../flow/ports';
import { scheduleMoments, schedulesOf } from '../flow/schedule-moments';
import type { Database } from '../store/database';
import { selectOverdueMoments, takeMoment } from '../store/due-moments';
import type { DueMoment } from '../store/due-moments';
import { insertEvents } from '../store/insert-events';
import type { NewEvent } from '../store/insert-events';
import { addMissingMoments } from '../store/schedule-moments';
import { currentActor, SYSTEM } from './actor';
import { readStates, stateIn } from './document-states';
import type { DocumentStates } from './document-states';
import type { CurrentTrace } from './trace';
import type { OnCommit } from './transaction';

export interface CaptureParts {
  strapi: Core.Strapi;
  schema: ContentSchema;
  catalogue: Catalogue;
  factory: EventFactory;
  onInvalid: 'store' | 'reject';
  /** The trace that the change under way belongs to. */
  trace: CurrentTrace;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Called after the commit of a transaction that holds events. Must not throw: Strapi calls it unguarded. */
  committed(): void;
  /** The same, of one that keeps moments. */
  scheduled(): void;
}

/** Reads documents before and after a write, and logs the events that the difference makes. */
export class Capture {
  readonly #parts: CaptureParts;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
  }

  /** Whether there is such a content type. */
  knows(uid: string): boolean {
    return Object.hasOwn(this.#parts.schema.contentTypes, uid);
  }

  /** Whether any definition looks at such a change: if none does, nothing is read. */
  watches(uid: string, action: ChangeAction): boolean {
    return this.#parts.catalogue
      .ofUid(uid)
      .some(
        ({ definition, source }) =>
          definition.moments !== undefined || (source.actions?.includes(action) ?? true),
      );
  }

  async read(uid: string, documentIds: string[]): Promise<Map<string, DocumentStates>> {
    const { strapi, catalogue } = this.#parts;
    return readStates(strapi, {
      type: this.#typeOf(uid),
      documentIds,
      populate: catalogue.populateOf(uid),
    });
  }

  /**
   * Logs the events of one written document within the content's transaction.
   *
   * @throws when the insert fails, so that the save fails too: content and events are committed together or not at all.
   *   With `onInvalid: 'reject'` also when an event breaks its schema.
   */
  async record(
    trx: Database,
    write: {
      uid: string;
      documentId: string;
      action: ChangeAction;
      before: DocumentStates;
      after: DocumentStates;
      onCommit: OnCommit;
    },
  ): Promise<void> {
    const now = this.#parts.clock.now();
    const changes = this.#changesOf(write, now);
    if (changes.length > 0) await this.#recordOverdue(trx, write, now);
    const made = changes.map((change) => ({
      change,
      definitions: this.#parts.catalogue.lookingAt(change, change.status),
    }));
    const events = made.flatMap(({ change, definitions }) =>
      this.#eventsOf(
        change,
        definitions.flatMap(({ definition, source }) =>
          (source.actions?.includes(change.action) ?? true) ? [definition] : [],
        ),
      ),
    );
    this.#checkInvalid(events);
    await this.#insert(trx, events, write.onCommit);
    for (const { change, definitions } of made) {
      const kept = await scheduleMoments(trx, {
        change,
        definitions: definitions.map(({ definition }) => definition),
        log: this.#parts.log,
      });
      if (kept) write.onCommit(() => this.#parts.scheduled());
    }
  }

  /**
   * Logs the event of a moment that has come and was taken, unless the document has moved on since; a time that the
   * definition gives by now, as after a change of its options, is kept instead.
   *
   * @param states of the document, whose rows are locked by this transaction.
   */
  async recordDue(
    trx: Database,
    due: DueMoment,
    { states, onCommit }: { states: DocumentStates | undefined; onCommit: OnCommit },
  ): Promise<void> {
    const { version, eventType, name, dueAt } = due;
    const { catalogue, schema, clock, log } = this.#parts;
    const definition = catalogue.definition(eventType);
    const type = schema.contentTypes[version.uid];
    const state = stateIn(states, version);
    if (!definition || !type || state === null) return;
    const now = clock.now();
    const kept = momentsOf(definition, version.uid, state).some(
      (moment) => moment.name === name && moment.dueAt.getTime() === dueAt.getTime(),
    );
    if (!kept) {
      const definitions = [definition];
      await addMissingMoments(trx, schedulesOf(version, state, { definitions, now, log }));
      return;
    }
    const change: ChangeContext = {
      ...version,
      action: 'due',
      moment: name,
      draftAndPublish: type.draftAndPublish,
      before: state,
      after: state,
      changed: [],
      actor: SYSTEM,
      now,
    };
    await this.#insert(trx, this.#eventsOf(change, [definition]), onCommit);
  }

  /**
   * Moments that had come before a write and were not looked at yet, as after a downtime: they are told of the state before,
   * since what the write leaves behind may know nothing of them any more.
   */
  async #recordOverdue(
    trx: Database,
    write: { uid: string; documentId: string; before: DocumentStates; onCommit: OnCommit },
    now: Date,
  ): Promise<void> {
    const { uid, documentId, before, onCommit } = write;
    const told = this.#parts.catalogue.ofUid(uid).some(({ definition }) => definition.moments);
    if (!told || before.size === 0) return;
    for (const due of await selectOverdueMoments(trx, { uid, documentId, now })) {
      if (await takeMoment(trx, due.id)) {
        await this.recordDue(trx, due, { states: before, onCommit });
      }
    }
  }

  /** What all events of a change have in common. */
  factsOf(change: ChangeContext): ChangeFacts {
    const { own } = this.#typeOf(change.uid);
    const state = change.after && normaliseState(change.after, own, this.#parts.schema.components);
    return {
      actor: change.actor,
      subject: {
        type: change.uid,
        id: change.documentId,
        locale: change.locale,
        change_token: changeToken(state),
      },
      changed: change.changed.filter((name) => isPublic(own[name])),
      attributes: own,
    };
  }

  async #insert(trx: Database, events: NewEvent[], onCommit: OnCommit): Promise<void> {
    if (events.length === 0) return;
    const trace = this.#parts.trace();
    await insertEvents(
      trx,
      events.map((event) => ({ ...event, trace })),
    );
    onCommit(() => this.#parts.committed());
  }

  #changesOf(
    write: {
      uid: string;
      documentId: string;
      action: ChangeAction;
      before: DocumentStates;
      after: DocumentStates;
    },
    now: Date,
  ): ChangeContext[] {
    const type = this.#typeOf(write.uid);
    const actor = currentActor(this.#parts.strapi);
    const versions = new Map([...write.before, ...write.after]);
    return [...versions.entries()].flatMap(([key, { locale, status }]) => {
      const before = write.before.get(key)?.state ?? null;
      const after = write.after.get(key)?.state ?? null;
      const { components } = this.#parts.schema;
      const changed = changedAttributes(before, after, type.own, components);
      if (stageChanged(before, after)) changed.push(REVIEW_STAGE);
      if (before !== null && after !== null && changed.length === 0) {
        return [];
      }
      return [
        {
          uid: write.uid,
          documentId: write.documentId,
          locale,
          action: write.action,
          moment: null,
          draftAndPublish: type.draftAndPublish,
          status,
          before,
          after,
          changed,
          actor,
          now,
        },
      ];
    });
  }

  #eventsOf(change: ChangeContext, definitions: readonly EventDefinition[]): NewEvent[] {
    return definitions.length === 0
      ? []
      : this.#parts.factory.eventsOf(change, this.factsOf(change), definitions);
  }

  #checkInvalid(events: NewEvent[]): void {
    const invalid = events.filter((event) => event.status === 'invalid');
    const [first] = invalid;
    if (!first) {
      return;
    }
    if (this.#parts.onInvalid === 'reject') {
      throw new errors.ValidationError(
        `This change cannot be saved: its event ${first.eventType} breaks its schema (${first.problems.map(problemText).join('; ')})`,
        { code: 'event_invalid', event_type: first.eventType, problems: first.problems },
      );
    }
    for (const event of invalid) {
      this.#parts.log.warn(`The event ${event.eventType} is invalid: stored, not delivered`, {
        event_id: event.eventId,
        problems: event.problems.map(problemText),
      });
    }
  }

  #typeOf(uid: string): ContentTypeShape {
    const type = this.#parts.schema.contentTypes[uid];
    if (!type) {
      throw new Error(`Not a content type: ${uid}`);
    }
    return type;
  }
}

function isPublic(attribute: { private?: boolean; type: string } | undefined): boolean {
  return attribute !== undefined && !attribute.private && attribute.type !== 'password';
}
