/**
 * A callback becomes an event: in one transaction with its idempotency key, with what it counts, and with the deliveries that
 * it settles. What is told again under the same key changes nothing.
 */
import { replyBreach, unknownEvent } from '../../domain/callback-rules';
import type { Breach } from '../../domain/callback-rules';
import { countsOf, futureBreach } from '../../domain/consumption';
import type { Subject } from '../../domain/event';
import type { AnsweredEvent } from '../../store/answered-event';
import { takeKey } from '../../store/callbacks';
import { addConsumption } from '../../store/consumption';
import type { Database } from '../../store/database';
import { insertEvents } from '../../store/insert-events';
import type { NewEvent } from '../../store/insert-events';
import { retryTransient } from '../retry-transient';
import { acceptLicense } from './accept-license';
import { answeredBy, payloadOf, subjectOf } from './answered';
import type { Callback, CallbackPorts } from './ports';
import { reasonOf } from './rejection';
import { settleAnswered } from './settle-answered';
import { reportSubject } from './subjects';

/** What has become of a callback. */
export type Received =
  | { kind: 'received'; eventId: string; again: boolean }
  | { kind: 'refused'; breach: Breach }
  | { kind: 'too-large'; message: string };

/** Undoes the transaction of a callback that is refused: its key stands for nothing. */
class Refused extends Error {
  readonly received: Exclude<Received, { kind: 'received' }>;

  constructor(received: Exclude<Received, { kind: 'received' }>) {
    super(`The callback was ${received.kind}`);
    this.received = received;
  }
}

/** What callbacks answer an event by; others report consumption. */
const REPLIES = new Set(['content.ingested', 'content.rejected', 'license.accepted']);

/** @throws the database's error, when it does not pass within a few tries; then nothing was written. */
export async function receive(ports: CallbackPorts, callback: Callback): Promise<Received> {
  try {
    return await retryTransient(() => ports.transaction((trx) => write(trx, ports, callback)));
  } catch (error) {
    if (error instanceof Refused) return error.received;
    throw error;
  }
}

async function write(trx: Database, ports: CallbackPorts, callback: Callback): Promise<Received> {
  const { eventType, inReplyTo, payload } = callback;
  const now = ports.clock.now();
  const answered = inReplyTo === null ? null : await answeredBy(trx, callback);
  const event = eventFor(ports, callback, answered);
  const taken = await takeKey(trx, {
    ...{ partnerId: callback.partnerId, idempotencyKey: callback.idempotencyKey, eventType },
    ...{ eventId: event.eventId, inReplyTo: answered?.eventId ?? null, receivedAt: now },
    reason: reasonOf(callback),
  });
  if (taken !== event.eventId) return { kind: 'received', eventId: taken, again: true };

  must(inReplyTo !== null && answered === null ? unknownEvent() : null);
  if (REPLIES.has(eventType)) {
    const facts = answered && { subjectId: answered.subjectId, payload: payloadOf(answered) };
    must(replyBreach({ eventType, inReplyTo, contentId: contentIdOf(payload) }, facts));
  } else {
    must(futureBreach(payload, now));
    const { partnerId } = callback;
    const counts = countsOf(payload, now);
    await addConsumption(
      trx,
      counts.map((one) => ({ ...one, partnerId, eventType })),
    );
  }
  if (event.status === 'invalid') {
    const message = event.problems.map((problem) => problem.message).join('; ');
    throw new Refused({ kind: 'too-large', message });
  }
  if (answered && eventType === 'license.accepted') {
    must(await acceptLicense(trx, { callback, offer: answered, eventId: event.eventId, now }));
  }
  const failures = answered ? await settleAnswered(trx, ports, { callback, answered }) : [];
  await insertEvents(trx, [event, ...failures]);
  return { kind: 'received', eventId: event.eventId, again: false };
}

function eventFor(
  ports: CallbackPorts,
  callback: Callback,
  answered: AnsweredEvent | null,
): NewEvent {
  const reply = answered !== null && REPLIES.has(callback.eventType);
  const subject: Subject = reply ? subjectOf(answered) : reportSubject(callback);
  return ports.eventOf(callback, subject);
}

function must(breach: Breach | null): void {
  if (breach) throw new Refused({ kind: 'refused', breach });
}

function contentIdOf(payload: unknown): string {
  const { content_id, title_id } = payload as { content_id?: string; title_id?: string };
  return content_id ?? title_id ?? '';
}
