import { rejectedReason } from '../domain/settlement';
import { writeHeaderBlock } from '../domain/header-block';
import { readAnswers } from './answers';
import { caseById } from './case-by-id';
import { isAnyOf } from './conditions';
import { dialectOf, toNumber } from './database';
import type { Database } from './database';
import { insertRows } from './insert-rows';
import { TABLES } from './tables';
import { wakeSuccessors } from './wake-successors';

const ATTEMPTS = {
  table: TABLES.attempts,
  columns: {
    delivery_ref: 'bigint',
    number: 'integer',
    started_at: 'bigint',
    duration_ms: 'integer',
    outcome: 'text',
    status_code: 'integer',
    error_code: 'text',
    reason: 'text',
    request_headers: 'text',
    request_body: 'text',
    response_headers: 'text',
    response_body: 'text',
    response_truncated: 'boolean',
  },
} as const;

/** One try of a delivery, as it is recorded. Headers are masked already; texts are cut already. */
export interface NewAttempt {
  number: number;
  startedAt: Date;
  durationMs: number;
  outcome: 'delivered' | 'transient' | 'permanent' | 'blocked';
  statusCode: number | null;
  errorCode: string | null;
  reason: string;
  requestHeaders: Record<string, string>;
  /** Null when the body was the event's own bytes. */
  requestBody: string | null;
  responseHeaders: Record<string, string>;
  responseBody: string;
  responseTruncated: boolean;
}

/** Where a delivery goes after an attempt. */
export interface Settlement {
  id: number;
  leaseToken: string;
  ordered: boolean;
  status: 'delivered' | 'awaiting_callback' | 'dead' | 'waiting';
  reason: string | null;
  /** Set for `waiting`: when to try again. */
  dueAt: Date | null;
  /** Set for `awaiting_callback`: within what time. */
  callbackWithinMs?: number | null;
  attempt: NewAttempt;
}

/**
 * Writes the results of attempts: those delivered by one statement, the others by another, attempts many to a statement.
 * Where the lease token no longer fits, another process has taken the delivery over, and nothing is written. What waited
 * for a delivery that is settled now becomes due.
 *
 * @returns the settlements that were written (of what was to wait for a callback that has come already: what that says), and
 *   how many deliveries may be due because of them.
 */
export async function settleDeliveries<One extends Settlement>(
  trx: Database,
  settlements: One[],
  now: Date,
): Promise<{ kept: One[]; woken: number }> {
  const held = await selectHeld(trx, settlements);
  const kept = await withAnswers(
    trx,
    settlements.filter((one) => held.get(one.id) === one.leaseToken),
  );
  if (kept.length === 0) {
    return { kept, woken: 0 };
  }
  // Apart, so that the usual case, in which all get the same values, needs no branch per row.
  const isDelivered = (one: Settlement) => one.status === 'delivered';
  await mark(trx, kept.filter(isDelivered), now);
  await mark(
    trx,
    kept.filter((one) => !isDelivered(one)),
    now,
  );
  const awaited = kept.filter((one) => one.status !== 'waiting' && one.ordered);
  const woken = await wakeSuccessors(
    trx,
    awaited.map((one) => one.id),
    now,
  );
  await insertAttempts(trx, kept);
  return { kept, woken };
}

/** A callback may overtake the answer to the request that it is about. */
async function withAnswers<One extends Settlement>(
  trx: Database,
  settlements: One[],
): Promise<One[]> {
  const awaiting = settlements.filter(({ status }) => status === 'awaiting_callback');
  const answers = await readAnswers(
    trx,
    awaiting.map(({ id }) => id),
  );
  if (answers.size === 0) return settlements;
  return settlements.map((one): One => {
    const answer = one.status === 'awaiting_callback' ? answers.get(one.id) : undefined;
    if (!answer) return one;
    return answer.kind === 'ingested'
      ? { ...one, status: 'delivered', callbackWithinMs: null }
      : { ...one, status: 'dead', reason: rejectedReason(answer.reason), callbackWithinMs: null };
  });
}

async function mark(trx: Database, settlements: Settlement[], now: Date): Promise<void> {
  if (settlements.length === 0) {
    return;
  }
  const column = (value: (one: Settlement) => string | number | boolean | null) =>
    caseById(
      trx,
      settlements.map((one) => ({ id: one.id, value: value(one) })),
    );
  const ids = settlements.map((one) => one.id);
  await trx(TABLES.deliveries)
    .whereRaw(...isAnyOf(trx, 'id', ids))
    .update({
      status: column((one) => one.status),
      settled: column((one) => one.status !== 'waiting'),
      reason: column((one) => one.reason),
      due_at: column((one) => one.dueAt?.getTime() ?? null),
      settled_at: column((one) => (one.status === 'waiting' ? null : now.getTime())),
      attempts: trx.raw('attempts + 1'),
      schedule_step: trx.raw('schedule_step + 1'),
      lease_token: null,
      ...(settlements.some(({ callbackWithinMs }) => callbackWithinMs)
        ? {
            callback_due_at: column(({ callbackWithinMs }) =>
              callbackWithinMs ? now.getTime() + callbackWithinMs : null,
            ),
          }
        : {}),
    });
}

async function selectHeld(trx: Database, settlements: Settlement[]): Promise<Map<number, string>> {
  const ids = settlements.map((one) => one.id);
  const query = trx(TABLES.deliveries)
    .whereRaw(...isAnyOf(trx, 'id', ids))
    .select('id', 'lease_token');
  const rows = (await (dialectOf(trx) === 'sqlite' ? query : query.forUpdate())) as {
    id: unknown;
    lease_token: string;
  }[];
  return new Map(rows.map((row) => [toNumber(row.id), row.lease_token]));
}

async function insertAttempts(trx: Database, settlements: Settlement[]): Promise<void> {
  const rows = settlements.map(({ id, attempt }) => ({
    delivery_ref: id,
    number: attempt.number,
    started_at: attempt.startedAt.getTime(),
    duration_ms: attempt.durationMs,
    outcome: attempt.outcome,
    status_code: attempt.statusCode,
    error_code: attempt.errorCode,
    reason: attempt.reason,
    request_headers: writeHeaderBlock(attempt.requestHeaders),
    request_body: attempt.requestBody,
    response_headers: writeHeaderBlock(attempt.responseHeaders),
    response_body: attempt.responseBody,
    response_truncated: attempt.responseTruncated,
  }));
  await insertRows(trx, ATTEMPTS, rows);
}
