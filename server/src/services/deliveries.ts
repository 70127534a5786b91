import { errors } from '@strapi/utils';
import type { ListAnswer } from '../contracts/common';
import { listDeliveries as listQuery } from '../contracts/delivery';
import type { Attempt, Delivery, DeliveryDetail, DeliveryStatus } from '../contracts/delivery';
import { batchBytes } from '../domain/batch';
import type { Clock, NewId } from '../flow/ports';
import { cancelDelivery, retryDelivery } from '../store/change-delivery';
import type { Database, RunInTransaction } from '../store/database';
import { findDelivery, listAttempts, listDeliveries } from '../store/delivery-log';
import type { AttemptRow, DeliveryRow } from '../store/delivery-log';
import { findEvent } from '../store/event-log';
import { insertDeliveries } from '../store/insert-deliveries';
import { readBatches } from '../store/read-batches';
import { readEventBodies } from '../store/read-event-bodies';
import { findSubscription } from '../store/subscriptions';
import { ConflictError } from './conflict';
import { toStoredEvent } from './events';
import { toListAnswer } from './list-answer';
import { parseInput } from './validation';

export interface DeliveryParts {
  db: () => Database;
  /** Transactions of their own, never joined to a caller's. */
  transaction: RunInTransaction;
  clock: Clock;
  newId: NewId;
  /** Deliveries have become due. */
  due: () => void;
}

/** Reads the delivery log, and does by hand what a person may: retry, replay, cancel. */
export class Deliveries {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  async list(query: unknown): Promise<ListAnswer<Delivery>> {
    const input = parseInput(listQuery, query, 'invalid_query');
    const page = await listDeliveries(
      this.#parts.db(),
      {
        status: input.status ?? null,
        subscriptionId: input.subscription_id ?? null,
        eventId: input.event_id ?? null,
        eventType: input.event_type ?? null,
        since: input.since ? new Date(input.since) : null,
        until: input.until ? new Date(input.until) : null,
      },
      { limit: input.limit, after: input.after ?? null },
    );
    return toListAnswer(page, toDelivery, (row) => row.deliveryId);
  }

  async find(deliveryId: string): Promise<DeliveryDetail> {
    const db = this.#parts.db();
    const row = await this.#row(deliveryId);
    const event = await findEvent(db, row.eventId);
    if (!event) {
      throw new errors.NotFoundError('The event of this delivery is gone', { code: 'not_found' });
    }
    const subscription = await findSubscription(db, row.subscriptionId);
    const attempts = await listAttempts(db, row.id);
    const { bytes, eventIds } = await readRequest(db, row);
    return {
      ...toDelivery(row),
      attempt_log: attempts.map((attempt) => toAttempt(attempt, bytes)),
      event: toStoredEvent(event),
      event_ids: eventIds,
      subscription_name: subscription?.name ?? null,
    };
  }

  /** Makes a dead or waiting delivery due now, with a fresh retry schedule. */
  async retry(deliveryId: string): Promise<Delivery> {
    const row = await this.#row(deliveryId);
    await this.#openSubscription(row);
    if (!(await retryDelivery(this.#parts.db(), deliveryId, this.#parts.clock.now()))) {
      throw new ConflictError(
        `Only a dead or waiting delivery can be retried; this one is ${row.status}. Replay it to send it again`,
        { code: 'not_retryable' },
      );
    }
    this.#parts.due();
    return toDelivery(await this.#row(deliveryId));
  }

  async cancel(deliveryId: string): Promise<Delivery> {
    const row = await this.#row(deliveryId);
    const { transaction, clock, due } = this.#parts;
    const cancel = { deliveryId, reason: 'Cancelled by hand', now: clock.now() };
    if (!(await transaction((trx) => cancelDelivery(trx, cancel)))) {
      throw new ConflictError(
        `Only a waiting delivery can be cancelled; this one is ${row.status}`,
        { code: 'not_cancellable' },
      );
    }
    due();
    return toDelivery(await this.#row(deliveryId));
  }

  /** Owes the event to the subscription once more: a delivery of its own, marked as a replay. */
  async replay(deliveryId: string): Promise<Delivery> {
    const row = await this.#row(deliveryId);
    await this.#openSubscription(row);
    if (row.settledAt === null) {
      throw new ConflictError(
        `This delivery is still ${row.status}; it can be replayed once it is settled`,
        { code: 'not_settled' },
      );
    }
    const { db, clock, newId, due } = this.#parts;
    const now = clock.now();
    const replay = {
      deliveryId: newId(),
      subscriptionId: row.subscriptionId,
      eventRef: row.eventRef,
      eventType: row.eventType,
      sequenceNumber: row.sequenceNumber,
      subjectId: row.subjectId,
      orderKey: null,
      replay: true,
      dueAt: now,
      ...(row.batch && { batch: row.batch }),
    };
    await insertDeliveries(db(), [replay], now);
    due();
    return toDelivery(await this.#row(replay.deliveryId));
  }

  async #row(deliveryId: string): Promise<DeliveryRow> {
    const row = await findDelivery(this.#parts.db(), deliveryId);
    if (!row) {
      throw new errors.NotFoundError('There is no such delivery', { code: 'not_found' });
    }
    return row;
  }

  async #openSubscription(row: DeliveryRow): Promise<void> {
    const subscription = await findSubscription(this.#parts.db(), row.subscriptionId);
    if (!subscription) {
      throw new ConflictError('The subscription of this delivery was deleted', {
        code: 'subscription_deleted',
      });
    }
    if (subscription.state === 'disabled') {
      throw new ConflictError(
        `The subscription "${subscription.name}" is disabled; resume it first`,
        { code: 'subscription_disabled' },
      );
    }
  }
}

/** What has high priority is due before all others, and tried as soon as it is there. */
function nextAttemptAt({ dueAt, createdAt }: DeliveryRow): Date | null {
  return dueAt !== null && dueAt < createdAt ? createdAt : dueAt;
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.deliveryId,
    subscription_id: row.subscriptionId,
    event_id: row.batch?.batchId ?? row.eventId,
    event_type: row.eventType,
    items: row.batch?.items ?? 1,
    sequence_number: row.sequenceNumber,
    subject_id: row.subjectId,
    status: row.status as DeliveryStatus,
    reason: row.reason,
    attempts: row.attempts,
    next_attempt_at: row.status === 'waiting' ? (nextAttemptAt(row)?.toISOString() ?? null) : null,
    settled_at: row.settledAt?.toISOString() ?? null,
    replay: row.replay,
    created_at: row.createdAt.toISOString(),
  };
}

/** What a delivery's request holds where nothing was put on top: its event's own bytes, or those of its batch. */
async function readRequest(
  db: Database,
  row: DeliveryRow,
): Promise<{ bytes: string; eventIds: string[] }> {
  const { batch, eventRef } = row;
  const refs = batch ? ((await readBatches(db, [batch.batchId])).get(batch.batchId) ?? []) : [];
  const events = await readEventBodies(db, [eventRef, ...refs]);
  if (!batch) {
    return { bytes: events.get(eventRef)?.body ?? '', eventIds: [row.eventId] };
  }
  const members = refs.flatMap((ref) => events.get(ref) ?? []);
  return {
    bytes: batchBytes(
      batch.batchId,
      members.map(({ body }) => body),
    ),
    eventIds: members.map(({ eventId }) => eventId),
  };
}

/** An attempt as the API shows it. `ownBytes` is what was sent where the attempt kept no body of its own. */
export function toAttempt(attempt: AttemptRow, ownBytes: string): Attempt {
  return {
    number: attempt.number,
    started_at: attempt.startedAt.toISOString(),
    duration_ms: attempt.durationMs,
    outcome: attempt.outcome,
    status_code: attempt.statusCode,
    error_code: attempt.errorCode,
    request: { headers: attempt.requestHeaders, body: attempt.requestBody ?? ownBytes },
    response: {
      headers: attempt.responseHeaders,
      body: attempt.responseBody,
      truncated: attempt.responseTruncated,
    },
  };
}
