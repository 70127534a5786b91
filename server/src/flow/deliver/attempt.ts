import { BATCH } from '../../domain/batch';
import { requestHeaders } from '../../domain/request-headers';
import type { AttemptFacts } from '../../domain/request-headers';
import { decide, MAX_REASON_LENGTH } from '../../domain/settlement';
import { INTERNAL_ERROR, SECRET_UNREADABLE } from '../../domain/outcome';
import type { Outcome } from '../../domain/outcome';
import type { SendResult } from '../../destinations/contract';
import { SUBSCRIPTION_DELETED } from '../../store/cancel-orphans';
import type { ClaimedDelivery } from '../../store/claim-deliveries';
import type { SequencedEvent } from '../../store/read-event-bodies';
import type { Settlement } from '../../store/settle-deliveries';
import type { Clock } from '../ports';
import type { Target } from './ports';

/** A claimed delivery with all that is needed to send it. */
export interface Job {
  delivery: ClaimedDelivery;
  /** The event; of a batch the first one. */
  event: SequencedEvent;
  /** The events of a batch, in sequence order; null for a single event. */
  batch: SequencedEvent[] | null;
  backlog: number;
  /** It tries out the endpoint of an open circuit breaker. */
  probe: boolean;
  /** Length of the bodies, in characters. */
  size: number;
}

/** A job's result, ready to be written. */
export interface Settled extends Settlement {
  job: Job;
  outcome: Outcome;
  holdUntil: Date | null;
  disable: boolean;
}

/** An event that is tried once, at a person's wish, and never again by itself. */
const TEST_EVENT_TYPE = 'webhook.test';

/** Makes one attempt and decides what follows. Never rejects: what goes wrong is an outcome. */
export async function attempt(
  job: Job,
  target: Target | null,
  context: { clock: Clock; version: string; signal: AbortSignal },
): Promise<Settled> {
  const began = { at: context.clock.now().getTime(), elapsed: performance.now() };
  const { result, keptBody } = await send(job, target, context);
  const { outcome, response } = result;
  const { delivery, event } = job;
  const schedule = event.eventType === TEST_EVENT_TYPE ? [] : (target?.schedule ?? []);
  const decision = decide({
    outcome,
    schedule,
    attemptsMade: delivery.scheduleStep + 1,
    now: endOf(began, context.clock.now()),
    random: context.clock.random(),
    // Of a batch nothing says which of its events a callback would have to answer.
    callbackWithinMs: job.batch ? null : (target?.callbackWithinMs(event.eventType) ?? null),
  });
  return {
    job,
    outcome,
    id: delivery.id,
    leaseToken: delivery.leaseToken,
    ordered: delivery.ordered,
    status: decision.status,
    reason: decision.reason?.slice(0, MAX_REASON_LENGTH) ?? null,
    dueAt: decision.dueAt,
    callbackWithinMs: decision.callbackWithinMs,
    holdUntil: decision.holdUntil,
    disable: decision.disable,
    attempt: {
      number: delivery.attempts + 1,
      startedAt: result.startedAt,
      durationMs: Math.round(result.durationMs),
      outcome: outcome.kind,
      statusCode: outcome.statusCode,
      errorCode: outcome.errorCode,
      reason: outcome.reason.slice(0, MAX_REASON_LENGTH),
      requestHeaders: result.request.headers,
      requestBody: keptBody,
      responseHeaders: response?.headers ?? {},
      responseBody: response?.body ?? '',
      responseTruncated: response?.truncated ?? false,
    },
  };
}

/**
 * When an attempt ended, as a retry is put off from then. A clock that was set forward meanwhile is not believed: the retry
 * would not fit `started_at`, and not be found when the clock is set back (store/bring-forward.ts).
 */
function endOf(began: { at: number; elapsed: number }, now: Date): Date {
  const expected = began.at + performance.now() - began.elapsed;
  return expected < now.getTime() ? new Date(expected) : now;
}

interface Sent {
  result: SendResult;
  /** The request's body for the delivery log; null where it is the event's own text, empty where nothing was sent. */
  keptBody: string | null;
}

async function send(
  job: Job,
  target: Target | null,
  context: { clock: Clock; version: string; signal: AbortSignal },
): Promise<Sent> {
  const now = context.clock.now();
  if (!target) {
    return unsent(
      now,
      { kind: 'permanent', errorCode: 'subscription_deleted' },
      SUBSCRIPTION_DELETED,
    );
  }
  if (!target.keys) {
    const reason =
      'A signing key, custom header or client certificate cannot be decrypted: admin.secrets.encryptionKey is missing or has changed; nothing was sent';
    return unsent(now, { kind: 'transient', errorCode: SECRET_UNREADABLE }, reason);
  }
  const { delivery } = job;
  try {
    const { batchId } = delivery;
    const shaped =
      job.batch && batchId
        ? await target.shapeBatch(batchId, job.batch)
        : await target.shape(job.event);
    if (shaped.kind !== 'shaped') return unsent(now, shaped, shaped.reason);
    // Encoded once: who signs a text and who sends one would each do it.
    const body = typeof shaped.body === 'string' ? Buffer.from(shaped.body) : shaped.body;
    const headers = requestHeaders(
      {
        event: namesOf(job, shaped.schemaVersion),
        subscriptionId: delivery.subscriptionId,
        deliveryId: delivery.deliveryId,
        attempt: delivery.attempts + 1,
        backlog: job.backlog,
        replay: delivery.replay,
        body,
        content: shaped,
        keys: target.keys,
        // Shaping may have taken its time, and a receiver compares this with its clock.
        now: context.clock.now(),
      },
      context.version,
    );
    const result = await target.send(body, headers, context.signal);
    return { result, keptBody: shaped.kept };
  } catch (error) {
    const reason = `The attempt failed inside Newswire: ${error instanceof Error ? error.message : String(error)}`;
    return unsent(now, { kind: 'transient', errorCode: INTERNAL_ERROR }, reason);
  }
}

/** What the headers call what is sent. */
function namesOf({ delivery, event, batch }: Job, schemaVersion: string): AttemptFacts['event'] {
  return batch === null || delivery.batchId === null
    ? { ...event, schemaVersion }
    : { eventId: delivery.batchId, eventType: BATCH, schemaVersion: BATCH, sequenceNumber: null };
}

function unsent(
  startedAt: Date,
  what: { kind: 'transient' | 'permanent'; errorCode: string },
  reason: string,
): Sent {
  const { kind, errorCode } = what;
  return {
    result: {
      outcome: { kind, errorCode, statusCode: null, reason },
      startedAt,
      durationMs: 0,
      request: { headers: {} },
      response: null,
    },
    keptBody: '',
  };
}
