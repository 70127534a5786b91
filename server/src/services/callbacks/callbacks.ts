import { errors } from '@strapi/utils';
import { INBOUND_TYPES, isInbound } from '../../../../config/presets/inbound';
import {
  idempotencyKey,
  MAX_CALLBACK_DEPTH,
  postCallback,
  type ReceivedCallback,
} from '../../contracts/callback';
import type { Catalogue } from '../../domain/catalogue';
import type { EventDefinition } from '../../domain/definition';
import { jsonProblem } from '../../domain/json-bounds';
import { receive } from '../../flow/callbacks/receive';
import type { CallbackPorts } from '../../flow/callbacks/ports';
import type { EventFactory } from '../../flow/capture';
import type { Clock } from '../../flow/ports';
import type { FailedDelivery } from '../../flow/deliver/ports';
import { findCallback } from '../../store/callbacks';
import type { Database, RunInTransaction } from '../../store/database';
import type { NewEvent } from '../../store/insert-events';
import { partnerActor } from '../actor';
import type { Caller } from '../partners/caller';
import { UnprocessableContentError } from '../unprocessable';
import { fieldError, parseInput, refusal } from '../validation';
import { checkPayload } from './payload';

export interface CallbacksParts {
  db: () => Database;
  transaction: RunInTransaction;
  catalogue: Catalogue;
  factory: EventFactory;
  deliveryFailed: (failed: FailedDelivery) => NewEvent | null;
  /** Events were committed. */
  committed: () => void;
  clock: Pick<Clock, 'now'>;
}

/** What partners answer and report. */
export class Callbacks {
  readonly #parts: CallbacksParts;

  constructor(parts: CallbacksParts) {
    this.#parts = parts;
  }

  /**
   * Takes a callback. What comes again under the same key is answered as the first time, whatever it says.
   *
   * @param body parsed JSON; `undefined` where it was none.
   * @throws ValidationError (400: `idempotency_key_missing`, `idempotency_key_invalid`, `invalid_body`);
   *   PayloadTooLargeError (`event_too_large`); UnprocessableContentError (422) with the code of the rule that it breaks.
   */
  async receive(caller: Caller, given: { key: string; body: unknown }): Promise<ReceivedCallback> {
    const { db, committed } = this.#parts;
    const { partnerId, rule } = caller;
    const key = keyOf(given.key);
    const known = await findCallback(db(), { partnerId, idempotencyKey: key });
    if (known !== null) return { event_id: known, idempotency_token: key };

    const { eventType, inReplyTo, payload, definition } = this.#read(given.body);
    const received = await receive(this.#portsFor(caller, definition), {
      ...{ partnerId, rule, idempotencyKey: key },
      ...{ eventType, inReplyTo, payload },
    });
    switch (received.kind) {
      case 'received':
        if (!received.again) committed();
        return { event_id: received.eventId, idempotency_token: key };
      case 'refused': {
        const { code, path, message } = received.breach;
        throw new UnprocessableContentError(message, { code, errors: [fieldError(path, message)] });
      }
      case 'too-large':
        throw new errors.PayloadTooLargeError(received.message, { code: 'event_too_large' });
      default:
        return received satisfies never;
    }
  }

  #read(body: unknown) {
    if (body === undefined) {
      throw refusal([fieldError([], 'The body must be JSON, as UTF-8')], 'invalid_body');
    }
    const problem = jsonProblem(body, MAX_CALLBACK_DEPTH);
    if (problem !== null) throw refusal([fieldError([], problem)], 'invalid_body');
    const { event_type, in_reply_to, payload } = parseInput(postCallback, body, 'invalid_body');
    const definition = isInbound(event_type)
      ? this.#parts.catalogue.definition(event_type)
      : undefined;
    if (!definition) {
      const message = `An event type of callbacks is one of ${INBOUND_TYPES.join(', ')}`;
      throw refusal([fieldError(['event_type'], message)], 'invalid_body');
    }
    return {
      eventType: event_type,
      inReplyTo: in_reply_to ?? null,
      payload: checkPayload(definition, payload, this.#parts.clock.now()),
      definition,
    };
  }

  #portsFor(caller: Caller, definition: EventDefinition): CallbackPorts {
    const { transaction, factory, deliveryFailed, clock } = this.#parts;
    const nobodyElse = { territories: null, genres: null, content_types: null };
    return {
      transaction,
      eventOf: ({ payload, partnerId }, subject) =>
        factory.raised(definition, {
          ...{ subject, payload, actor: partnerActor(caller) },
          scope: { ...nobodyElse, partner: partnerId },
        }),
      deliveryFailed,
      clock,
    };
  }
}

function keyOf(given: string): string {
  if (given === '') {
    const message = 'Send X-Idempotency-Key: a text of your own, another one for each callback';
    throw new errors.ValidationError(message, { code: 'idempotency_key_missing' });
  }
  const parsed = idempotencyKey.safeParse(given);
  if (!parsed.success) {
    const message = 'X-Idempotency-Key may have 200 printable characters (ASCII)';
    throw new errors.ValidationError(message, { code: 'idempotency_key_invalid' });
  }
  return parsed.data;
}
