import type { Knex } from 'knex';
import type { z } from 'zod';
import { createPartner } from '../../../server/src/contracts/partner';
import {
  createSubscription,
  type CreateSubscription,
} from '../../../server/src/contracts/subscription';
import { serialiseEvent } from '../../../server/src/domain/event';
import type { ItemScopes } from '../../../server/src/domain/items';
import type { EventScope } from '../../../server/src/domain/scope';
import { bumpConfigVersion } from '../../../server/src/store/config-version';
import { insertEvents, type NewEvent } from '../../../server/src/store/insert-events';
import { insertPartner } from '../../../server/src/store/partners';
import { insertKey, insertSubscription } from '../../../server/src/store/subscriptions';
import type { SubscriptionRowState } from '../../../server/src/store/subscriptions';
import { inTransaction, newId } from './log';

export interface EventInput {
  type?: string;
  /** Document id of what the event is about. */
  subject?: string;
  subjectType?: string;
  locale?: string | null;
  changed?: string[];
  scope?: EventScope;
  items?: ItemScopes;
  status?: NewEvent['status'];
  onlyTo?: string;
  payload?: unknown;
  /** True where a person must release it. */
  needsApproval?: boolean;
}

const MISSING_TITLE = { code: 'schema_violation', path: 'payload.title', message: 'Required' };

/** An event as capture makes it. */
export function newEvent(input: EventInput = {}): NewEvent {
  const eventId = newId();
  const eventType = input.type ?? 'entry.updated';
  const occurredAt = new Date();
  const subject = {
    type: input.subjectType ?? 'api::person.person',
    id: input.subject ?? `subject-${eventId}`,
    locale: input.locale ?? null,
  };
  const changed = input.changed ?? ['title'];
  const actor = { type: 'system', user_id: null, display_name: null, role: null } as const;
  return {
    eventId,
    eventType,
    schemaVersion: '1.0.0',
    status: input.status ?? 'unsequenced',
    subjectType: subject.type,
    subjectId: subject.id,
    locale: subject.locale,
    actorType: actor.type,
    actorId: null,
    occurredAt,
    targetSubscriptionId: input.onlyTo ?? null,
    changed,
    scope: input.scope ?? null,
    items: input.items ?? null,
    problems: input.status === 'invalid' ? [MISSING_TITLE] : [],
    needsApproval: input.needsApproval ?? false,
    text: serialiseEvent({
      event_id: eventId,
      event_type: eventType,
      schema_version: '1.0.0',
      producer_id: 'test',
      occurred_at: occurredAt.toISOString(),
      actor,
      subject: { ...subject, change_token: 'token' },
      changed,
      payload: input.payload ?? {},
    }),
  };
}

/** Puts events into the log in the given order, and returns them. */
export async function addEvents(db: Knex, inputs: EventInput[]): Promise<NewEvent[]> {
  const events = inputs.map(newEvent);
  await inTransaction(db, (trx) => insertEvents(trx, events));
  return events;
}

/** The same, by number: each with a subject of its own. */
export function addEventsCounted(db: Knex, count: number): Promise<NewEvent[]> {
  return addEvents(
    db,
    Array.from({ length: count }, () => ({})),
  );
}

export interface SubscriptionInput extends Partial<Omit<CreateSubscription, 'state'>> {
  url?: string;
  state?: SubscriptionRowState;
  heldUntil?: Date;
}

/** Not a secret of anybody: the base64 of 32 bytes. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Stores a subscription to all events, with a key, as the service does; returns its id. */
export async function addSubscription(db: Knex, input: SubscriptionInput = {}): Promise<string> {
  const { url, state, heldUntil, ...rest } = input;
  const settings = createSubscription.parse({
    name: 'Contracts desk',
    event_types: ['*'],
    destination: { url: url ?? 'http://127.0.0.1:9/hook' },
    ...rest,
  });
  const id = newId();
  const now = new Date();
  await inTransaction(db, async (trx) => {
    await insertSubscription(trx, {
      id,
      name: settings.name,
      state: state ?? 'active',
      stateReason: null,
      heldUntil: null,
      settings,
      partnerId: settings.partner_id,
      pausedBy: state === 'paused' ? 'admin' : null,
      pausedUntil: null,
      encryptedHeaders: null,
      createdAt: now,
      updatedAt: now,
    });
    const key = { kid: `key_${id}`, subscriptionId: id, encryptedSecret: SECRET, current: true };
    await insertKey(trx, key, now);
    if (heldUntil) {
      await trx('newswire_subscriptions').where({ id }).update({ held_until: heldUntil.getTime() });
    }
    await bumpConfigVersion(trx);
  });
  return id;
}

export interface PartnerInput extends Partial<z.input<typeof createPartner>> {
  state?: 'active' | 'suspended';
}

/** Not a secret of anybody: the base64 of 32 bytes. */
const PSEUDONYM_KEY = Buffer.alloc(32, 9).toString('base64');

/** Stores a partner, as the service does; returns its id. */
export async function addPartner(db: Knex, input: PartnerInput = {}): Promise<string> {
  const settings = createPartner.parse({ name: 'Fjord TV', ...input });
  const partnerId = newId();
  const now = new Date();
  await inTransaction(db, async (trx) => {
    await insertPartner(trx, {
      partnerId,
      name: settings.name,
      state: settings.state,
      settings,
      encryptedPseudonymKey: PSEUDONYM_KEY,
      createdAt: now,
      updatedAt: now,
    });
    await bumpConfigVersion(trx);
  });
  return partnerId;
}
