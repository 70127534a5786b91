import { errors } from '@strapi/utils';
import type { z } from 'zod';
import type { ListAnswer } from '../contracts/common';
import { createReplay, listReplays as listQuery } from '../contracts/replay';
import type { Replay, ReplayDryRun } from '../contracts/replay';
import type { Actor } from '../domain/event';
import type { Clock, NewId } from '../flow/ports';
import { countReplay } from '../flow/replay/count';
import type { ReplayRule } from '../flow/replay/ports';
import { scopeOf } from '../flow/replay/scope';
import type { ReplayRequest } from '../flow/replay/scope';
import { retryTransient } from '../flow/retry-transient';
import type { Database, RunInTransaction } from '../store/database';
import { endReplays } from '../store/end-replay';
import { readLogRange } from '../store/replay-bounds';
import { cancelReplayed } from '../store/replayed-deliveries';
import { findReplay, insertReplay, listReplays, lockMakingReplays } from '../store/replays';
import type { NewReplay } from '../store/replays';
import { findSubscription } from '../store/subscriptions';
import type { SubscriptionRow } from '../store/subscriptions';
import { ConflictError } from './conflict';
import { toListAnswer } from './list-answer';
import { readReplayCounts, toReplay } from './replay-resource';
import { fieldError, parseInput, refusal } from './validation';

export interface ReplayParts {
  db: () => Database;
  /** Transactions of their own, never joined to a caller's. */
  transaction: RunInTransaction;
  rule: (subscriptionId: string) => Promise<ReplayRule | null>;
  settings: {
    ratePerSecond: number;
    maxRatePerSecond: number;
    maxRunning: number;
    countSeconds: number;
  };
  newId: NewId;
  clock: Clock;
  /** A replay was started, or cancelled: there is something to do. */
  started: () => void;
}

/** Starts, counts, shows and cancels replays. The deliveries are made by flow/replay. */
export class Replays {
  readonly #parts: ReplayParts;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  /**
   * Starts a replay; with `dry_run` it only counts, and writes nothing.
   *
   * @throws ValidationError naming each wrong field; ConflictError when the subscription is disabled, when a replay to it
   *   is making deliveries already, or when too many are; ApplicationError (code `count_too_long`) when a dry run cannot be
   *   counted in time.
   */
  async create(input: unknown, actor: Actor): Promise<Replay | ReplayDryRun> {
    const { dry_run: dryRun, ...body } = parseInput(createReplay, input, 'invalid_body');
    const ratePerSecond = this.#rateOf(body.rate_per_second);
    const db = this.#parts.db();
    refuseDisabled(await findSubscription(db, body.subscription_id));
    const prepared = await this.#prepare(body);
    if (dryRun) {
      return this.#counted(prepared.matched);
    }
    const { newId, transaction, started } = this.#parts;
    const replay: NewReplay = { ...prepared, replayId: newId(), startedBy: actor, ratePerSecond };
    // Tried again where MySQL ends it as the victim of a deadlock with the deletion of another subscription.
    await retryTransient(() =>
      transaction(async (trx) => {
        refuseDisabled(await findSubscription(trx, replay.subscriptionId, { lock: true }));
        await this.#refuseTooMany(trx, replay.subscriptionId);
        await insertReplay(trx, replay);
      }),
    );
    started();
    return this.find(replay.replayId);
  }

  async find(replayId: string): Promise<Replay> {
    const row = found(await findReplay(this.#parts.db(), replayId));
    const counts = await readReplayCounts(this.#parts.db(), [row]);
    return toReplay(row, counts);
  }

  async list(query: unknown): Promise<ListAnswer<Replay>> {
    const input = parseInput(listQuery, query, 'invalid_query');
    const { subscription_id: subscriptionId = null, state = null } = input;
    const db = this.#parts.db();
    const page = await listReplays(
      db,
      { subscriptionId, state },
      { limit: input.limit, after: input.after ?? null },
    );
    const counts = await readReplayCounts(db, page.rows);
    return toListAnswer(
      page,
      (row) => toReplay(row, counts),
      (row) => row.replayId,
    );
  }

  /**
   * Ends a replay: no process makes a further delivery for it, and what still waits is cancelled. What is being sent ends
   * by itself, and is not tried again. Cancelling it once more changes nothing.
   */
  async cancel(replayId: string): Promise<Replay> {
    const { transaction, clock, started } = this.#parts;
    await transaction(async (trx) => {
      const row = found(await findReplay(trx, replayId, { lock: true }));
      if (row.state === 'cancelled') {
        return;
      }
      if (!row.open) {
        throw new ConflictError(`This replay is ${row.state}; there is nothing left to cancel`, {
          code: 'replay_finished',
        });
      }
      const now = clock.now();
      const reason = 'The replay was cancelled';
      await endReplays(trx, { id: row.id }, { state: 'cancelled', reason, now });
      await cancelReplayed(trx, { replayRef: row.id, reason, now });
    });
    started();
    return this.find(replayId);
  }

  /** Fixes what a replay looks for, up to where, and counts it. */
  async #prepare(body: Omit<z.output<typeof createReplay>, 'dry_run'>) {
    const { clock, rule, settings } = this.#parts;
    const db = this.#parts.db();
    const request: ReplayRequest = {
      status: body.status ?? null,
      event_types: body.event_types,
      since: body.since ?? null,
      until: body.until ?? null,
      missing: body.missing,
    };
    const subscriptionId = body.subscription_id;
    const createdAt = clock.now();
    const range = await readLogRange(db, {
      since: request.since ? new Date(request.since) : null,
      until: request.until ? new Date(request.until) : null,
    });
    const fixed = { subscriptionId, request, upTo: range.upTo, createdAt };
    const asked = await rule(subscriptionId);
    if (!asked) {
      throw unknownSubscription();
    }
    const until = Date.now() + settings.countSeconds * 1_000;
    const matched = await countReplay(
      { db, rule },
      {
        scope: scopeOf(fixed),
        rule: asked,
        after: range.after,
        inTime: () => Date.now() < until,
      },
    );
    return { ...fixed, position: range.after, matched };
  }

  #counted(matched: number | null): ReplayDryRun {
    if (matched === null) {
      const { countSeconds } = this.#parts.settings;
      throw new errors.ApplicationError(
        `Counting takes longer than ${countSeconds} s (replays.countSeconds); narrow it by since and until`,
        { code: 'count_too_long' },
      );
    }
    return { matched };
  }

  #rateOf(asked: number | undefined): number {
    const { ratePerSecond, maxRatePerSecond } = this.#parts.settings;
    if (asked !== undefined && asked > maxRatePerSecond) {
      const message = `At most ${maxRatePerSecond} deliveries per second (replays.maxRatePerSecond)`;
      throw refusal([fieldError(['rate_per_second'], message)], 'invalid_body');
    }
    return asked ?? Math.min(ratePerSecond, maxRatePerSecond);
  }

  async #refuseTooMany(trx: Database, subscriptionId: string): Promise<void> {
    const making = await lockMakingReplays(trx);
    const same = making.find((replay) => replay.subscriptionId === subscriptionId);
    if (same) {
      throw new ConflictError(
        `The replay ${same.replayId} is making deliveries for this subscription; wait for it, or cancel it`,
        { code: 'replay_running' },
      );
    }
    const { maxRunning } = this.#parts.settings;
    if (making.length >= maxRunning) {
      throw new ConflictError(
        `${making.length} replays are running, and replays.maxRunning allows ${maxRunning}; wait for one, or cancel one`,
        { code: 'too_many_replays' },
      );
    }
  }
}

function unknownSubscription(): Error {
  const message = 'There is no such subscription';
  return refusal([fieldError(['subscription_id'], message)], 'unknown_subscription');
}

function refuseDisabled(subscription: SubscriptionRow | null): void {
  if (!subscription) {
    throw unknownSubscription();
  }
  if (subscription.state === 'disabled') {
    throw new ConflictError(
      `The subscription "${subscription.name}" is disabled; resume it first, then replay what it missed`,
      { code: 'subscription_disabled' },
    );
  }
}

function found<Row>(row: Row | null): Row {
  if (!row) {
    throw new errors.NotFoundError('There is no such replay', { code: 'not_found' });
  }
  return row;
}
