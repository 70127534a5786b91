import type { Knex } from 'knex';
import { claim as claimOfProcess } from '../../../server/src/flow/deliver/claim';
import type { ClaimedDelivery } from '../../../server/src/store/claim-deliveries';
import {
  settleDeliveries,
  type NewAttempt,
  type Settlement,
} from '../../../server/src/store/settle-deliveries';
import { ownTransaction } from '../../../server/src/store/database';
import { newId } from './log';

export interface ClaimInput {
  now?: Date;
  limit?: number;
  busy?: string[];
  /** The rate limit of every subscription. */
  ratePerSecond?: number;
  until?: Date;
}

/** Claims as a worker does, in a transaction of its own; of all that is due unless told otherwise. */
export function claim(db: Knex, input: ClaimInput = {}): Promise<ClaimedDelivery[]> {
  const now = input.now ?? new Date();
  const limit = input.limit ?? 100;
  return ownTransaction(db, async (trx) => {
    const { claimed } = await claimOfProcess(trx, {
      now,
      limit,
      after: '',
      busy: input.busy ?? [],
      room: () => ({ hold: limit, begin: limit, ratePerSecond: input.ratePerSecond ?? null }),
      lease: {
        token: newId(),
        until: input.until ?? new Date(now.getTime() + 30_000),
      },
    });
    return claimed;
  });
}

/** The result of a claimed delivery's attempt: delivered, unless told otherwise. */
export function settlementOf(
  delivery: Pick<ClaimedDelivery, 'id' | 'attempts' | 'leaseToken'> & Partial<ClaimedDelivery>,
  change: Partial<Omit<Settlement, 'attempt'>> & { attempt?: Partial<NewAttempt> } = {},
): Settlement {
  const { attempt, ...rest } = change;
  return {
    id: delivery.id,
    leaseToken: delivery.leaseToken,
    ordered: delivery.ordered ?? false,
    status: 'delivered',
    reason: null,
    dueAt: null,
    ...rest,
    attempt: {
      number: delivery.attempts + 1,
      startedAt: new Date(),
      durationMs: 12,
      outcome: 'delivered',
      statusCode: 204,
      errorCode: null,
      reason: 'The endpoint answered 204 No Content',
      requestHeaders: { 'X-Delivery-Attempt': String(delivery.attempts + 1) },
      requestBody: null,
      responseHeaders: {},
      responseBody: '',
      responseTruncated: false,
      ...attempt,
    },
  };
}

/** Writes results in a transaction of its own; returns those that were written. */
export async function settle(
  db: Knex,
  settlements: Settlement[],
  now = new Date(),
): Promise<Settlement[]> {
  const { kept } = await ownTransaction(db, (trx) => settleDeliveries(trx, settlements, now));
  return kept;
}
