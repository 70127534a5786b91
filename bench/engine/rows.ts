import { randomBytes, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { createSubscription } from '../../server/src/contracts/subscription';
import { serialiseEvent } from '../../server/src/domain/event';
import type { Order } from '../../server/src/domain/subscription';
import { bumpConfigVersion } from '../../server/src/store/config-version';
import { ownTransaction } from '../../server/src/store/database';
import { insertEvents } from '../../server/src/store/insert-events';
import type { NewEvent } from '../../server/src/store/insert-events';
import { insertKey, insertSubscription } from '../../server/src/store/subscriptions';
import { TABLES } from '../../server/src/store/tables';

/** Not a secret of anybody: contestants/body.mjs has the same. */
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Bytes of an event as it is sent. */
const EVENT_BYTES = 1_024;

/** What the sequencer puts in front of the stored text. */
const HEAD_BYTES = '{"sequence_number":12345,"produced_at":"2026-01-01T00:00:00.000Z",'.length;

/** Events inserted in one transaction. */
const CHUNK = 1_000;

/** An event as capture makes it, about a document of its own. */
function newEvent(): NewEvent {
  const eventId = randomUUID();
  const occurredAt = new Date();
  const subject = { type: 'api::title.title', id: randomUUID(), locale: null };
  const actor = { type: 'system', user_id: null, display_name: null, role: null } as const;
  const serialise = (title: string) =>
    serialiseEvent({
      event_id: eventId,
      event_type: 'entry.updated',
      schema_version: '1.0.0',
      producer_id: 'bench',
      occurred_at: occurredAt.toISOString(),
      actor,
      subject: { ...subject, change_token: 'token' },
      changed: ['title'],
      payload: { title },
    });
  const padding = EVENT_BYTES - HEAD_BYTES - serialise('').length;
  return {
    eventId,
    eventType: 'entry.updated',
    schemaVersion: '1.0.0',
    status: 'unsequenced',
    subjectType: subject.type,
    subjectId: subject.id,
    locale: subject.locale,
    actorType: actor.type,
    actorId: null,
    occurredAt,
    targetSubscriptionId: null,
    scope: null,
    changed: ['title'],
    items: null,
    problems: [],
    text: serialise(randomBytes(padding).toString('base64').slice(0, padding)),
  };
}

/** Puts events into the log, not yet sequenced. */
export async function addEvents(db: Knex, count: number): Promise<void> {
  for (let left = count; left > 0; left -= CHUNK) {
    const events = Array.from({ length: Math.min(CHUNK, left) }, newEvent);
    await ownTransaction(db, (trx) => insertEvents(trx, events));
  }
}

/** Puts one event into the log; returns its id. */
export async function addEvent(db: Knex): Promise<string> {
  const event = newEvent();
  await ownTransaction(db, (trx) => insertEvents(trx, [event]));
  return event.eventId;
}

/** Stores a paused subscription to all events, as the service does; returns its id. */
export async function addSubscription(
  db: Knex,
  input: { url: string; concurrency: number; order: Order },
): Promise<string> {
  const settings = createSubscription.parse({
    name: 'Bench',
    event_types: ['*'],
    destination: { url: input.url },
    delivery: { concurrency: input.concurrency, order: input.order },
  });
  const id = randomUUID();
  const now = new Date();
  await ownTransaction(db, async (trx) => {
    await insertSubscription(trx, {
      id,
      name: settings.name,
      state: 'paused',
      stateReason: null,
      heldUntil: null,
      settings,
      partnerId: null,
      pausedBy: null,
      pausedUntil: null,
      encryptedHeaders: null,
      createdAt: now,
      updatedAt: now,
    });
    const key = { kid: `key_${id}`, subscriptionId: id, encryptedSecret: SECRET, current: true };
    await insertKey(trx, key, now);
    await bumpConfigVersion(trx);
  });
  return id;
}

export async function setState(db: Knex, state: 'active' | 'paused'): Promise<void> {
  await ownTransaction(db, async (trx) => {
    await trx(TABLES.subscriptions).update({ state });
    await bumpConfigVersion(trx);
  });
}

/** Whether anything is still owed: one probe of an index. */
export async function isAnythingOwed(db: Knex): Promise<boolean> {
  const rows: unknown[] = await db(TABLES.deliveries)
    .whereRaw('settled = false')
    .limit(1)
    .select(db.raw('1'));
  return rows.length > 0;
}

export async function countAttempts(db: Knex): Promise<number> {
  const row = (await db(TABLES.attempts).count({ n: '*' }).first()) as { n: unknown };
  return Number(row.n);
}
