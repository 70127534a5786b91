import type { Core } from '@strapi/strapi';
import type { Catalogue } from '../domain/catalogue';
import type { ChangeOrigin } from '../domain/change-origin';
import type { ContentSchema } from '../domain/content-type';
import type { ChangeContext, EventDefinition } from '../domain/definition';
import { changedAttributes } from '../domain/diff';
import type { CapturedEvent } from '../domain/event';
import type { EventFactory } from '../flow/capture';
import type { Clock } from '../flow/ports';
import { lockInvalidEvent, replaceInvalidEvent } from '../store/invalid-events';
import type { InvalidEvent } from '../store/invalid-events';
import type { Capture } from './capture';
import { ConflictError } from './conflict';
import { lockDocument, stateIn } from './document-states';
import { inTransaction } from './transaction';

export interface RevalidationParts {
  strapi: Core.Strapi;
  schema: ContentSchema;
  catalogue: Catalogue;
  capture: Capture;
  factory: EventFactory;
  clock: Pick<Clock, 'now'>;
  /** Called after the commit of a transaction that has released an event. */
  committed(): void;
}

/**
 * Makes an invalid event again, by its definition as it is now, of the change it came from and its document as it is now. Once
 * it keeps to its schema and its business rules it is released: numbered, and delivered as any other. It keeps its id, its
 * actor and the time at which it occurred; nobody outside has seen it before.
 *
 * @throws ConflictError when it is not invalid, or cannot be made again; the code says which.
 */
export async function revalidate(parts: RevalidationParts, eventId: string): Promise<void> {
  const known = await inTransaction(parts.strapi, (trx) => lockInvalidEvent(trx, eventId));
  if (!known) throw notInvalid();
  const origin = originOf(known);
  const { uid, documentId } = origin;
  await inTransaction(parts.strapi, async (trx, onCommit) => {
    // The document before the event, as a save locks them.
    if (parts.capture.knows(uid)) await lockDocument(parts.strapi, trx, { uid, documentId });
    const event = await lockInvalidEvent(trx, eventId);
    if (!event) throw notInvalid();
    const remade = await remake(parts, event, origin);
    await replaceInvalidEvent(trx, event.id, remade);
    if (remade.status !== 'invalid') onCommit(() => parts.committed());
  });
}

async function remake(parts: RevalidationParts, event: InvalidEvent, origin: ChangeOrigin) {
  const definition = definitionOf(parts.catalogue, event.eventType);
  const { actor, event_id: eventId } = JSON.parse(`{${event.text}`) as CapturedEvent;
  const change = { ...(await presentChange(parts, origin)), actor };
  const facts = parts.capture.factsOf(change);
  return parts.factory.remake(definition, change, {
    facts,
    eventId,
    occurredAt: event.occurredAt,
  });
}

/** The change, with the state that its document has by now; of one that took the state away, as it was. */
async function presentChange(
  { capture, schema, clock }: RevalidationParts,
  origin: ChangeOrigin,
): Promise<Omit<ChangeContext, 'actor'>> {
  const now = clock.now();
  const type = schema.contentTypes[origin.uid];
  if (type && origin.after === null) return { ...origin, now };
  const states = type ? await capture.read(origin.uid, [origin.documentId]) : null;
  const after = stateIn(states?.get(origin.documentId), origin);
  if (!type || after === null) {
    throw new ConflictError(
      'The document of this event is no longer there in the state that the event is about, so it cannot be made again',
      { code: 'document_gone' },
    );
  }
  const changed = changedAttributes(origin.before, after, type.own, schema.components);
  return { ...origin, after, changed, now };
}

function definitionOf(catalogue: Catalogue, eventType: string): EventDefinition {
  const definition = catalogue.definition(eventType);
  if (!definition) {
    throw new ConflictError(`Nothing defines ${eventType} any more, so it cannot be made again`, {
      code: 'definition_gone',
    });
  }
  return definition;
}

function originOf(event: InvalidEvent): ChangeOrigin {
  if (event.origin === null) {
    throw new ConflictError(
      'The change that this event came from was too large to be kept, so it cannot be made again: save the document once more',
      { code: 'origin_unknown' },
    );
  }
  return JSON.parse(event.origin) as ChangeOrigin;
}

function notInvalid(): Error {
  return new ConflictError('This event is not invalid: there is nothing to validate again', {
    code: 'not_invalid',
  });
}
