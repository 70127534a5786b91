import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Catalogue } from '../domain/catalogue';
import type { ChangeAction } from '../domain/change';
import type { ContentSchema, ContentTypeShape } from '../domain/content-type';
import type { ChangeContext } from '../domain/definition';
import { changedAttributes, changeToken, normaliseState } from '../domain/diff';
import { problemText } from '../domain/event-problem';
import type { EventFactory } from '../flow/capture';
import type { Clock, Log } from '../flow/ports';
import type { Database } from '../store/database';
import { insertEvents } from '../store/insert-events';
import type { NewEvent } from '../store/insert-events';
import { currentActor } from './actor';
import { readStates } from './document-states';
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
}

/** Reads documents before and after a write, and logs the events that the difference makes. */
export class Capture {
  readonly #parts: CaptureParts;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
  }

  /** Whether any definition looks at such a change: if none does, nothing is read. */
  watches(uid: string, action: ChangeAction): boolean {
    return this.#parts.catalogue
      .ofUid(uid)
      .some(
        ({ definition, source }) =>
          'moments' in definition || (source.actions?.includes(action) ?? true),
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
    const events = this.#changesOf(write).flatMap((change) => this.#eventsOf(change));
    if (events.length === 0) {
      return;
    }
    this.#checkInvalid(events);
    const trace = this.#parts.trace();
    await insertEvents(
      trx,
      events.map((event) => ({ ...event, trace })),
    );
    write.onCommit(() => this.#parts.committed());
  }

  #changesOf(write: {
    uid: string;
    documentId: string;
    action: ChangeAction;
    before: DocumentStates;
    after: DocumentStates;
  }): ChangeContext[] {
    const type = this.#typeOf(write.uid);
    const actor = currentActor(this.#parts.strapi);
    const now = this.#parts.clock.now();
    const versions = new Map([...write.before, ...write.after]);
    return [...versions.entries()].flatMap(([key, { locale, status }]) => {
      const before = write.before.get(key)?.state ?? null;
      const after = write.after.get(key)?.state ?? null;
      const { components } = this.#parts.schema;
      const changed = changedAttributes(before, after, type.own, components);
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

  #eventsOf(change: ChangeContext): NewEvent[] {
    const { catalogue, factory, schema } = this.#parts;
    const definitions = catalogue
      .ofUid(change.uid)
      .filter(({ source }) => source.counts === change.status || !change.draftAndPublish)
      .filter(({ source }) => source.actions?.includes(change.action) ?? true)
      .map(({ definition }) => definition);
    if (definitions.length === 0) {
      return [];
    }
    const { own } = this.#typeOf(change.uid);
    const state = change.after && normaliseState(change.after, own, schema.components);
    return factory.eventsOf(
      change,
      {
        actor: change.actor,
        subject: {
          type: change.uid,
          id: change.documentId,
          locale: change.locale,
          change_token: changeToken(state),
        },
        changed: change.changed.filter((name) => isPublic(own[name])),
      },
      definitions,
    );
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
