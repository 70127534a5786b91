import { pauseByPartner, resumeByPartner } from '../../contracts/backpressure';
import type { StandingSubscription } from '../../contracts/backpressure';
import type { Clock } from '../../flow/ports';
import { bumpConfigVersion } from '../../store/config-version';
import type { Database, RunInTransaction } from '../../store/database';
import { insertEvents } from '../../store/insert-events';
import { findSubscription, updateSubscription } from '../../store/subscriptions';
import type { SubscriptionRow } from '../../store/subscriptions';
import { partnerActor } from '../actor';
import { ConflictError } from '../conflict';
import { found } from '../found-subscription';
import type { OperationalEvents } from '../operational-events';
import { parseInput } from '../validation';
import type { Caller } from './caller';
import type { Partners } from './partners';

export interface BackpressureParts {
  transaction: RunInTransaction;
  operational: OperationalEvents;
  partners: Pick<Partners, 'requireStillActive'>;
  clock: Clock;
  /** Subscriptions have changed, and events were inserted. */
  changed: () => void;
  /** A pause ends at another time than it did. */
  endMoved: () => void;
}

/** Lets a partner pause and resume its own subscriptions; somebody else's are not there for it. */
export class Backpressure {
  readonly #parts: BackpressureParts;

  constructor(parts: BackpressureParts) {
    this.#parts = parts;
  }

  /**
   * Deliveries go on being created and wait. Asked again, the pause lasts from now on.
   *
   * @throws NotFoundError; ConflictError where somebody else has paused it (`paused_by_admin`, `paused_by_breaker`,
   *   `paused_by_suspension`), or it is not active at all (`subscription_disabled`, `subscription_sandbox`).
   */
  async pause(caller: Caller, id: string, input: unknown): Promise<StandingSubscription> {
    const { seconds, reason = null } = parseInput(pauseByPartner, input, 'invalid_body');
    const row = await this.#change(caller, id, async (former, trx, now) => {
      if (former.state === 'active') {
        const payload = { subscription_id: id, subscription_name: former.name, reason };
        const actor = partnerActor(caller);
        const { operational } = this.#parts;
        const event = operational.make('webhook.subscription_paused', { payload, actor });
        await insertEvents(trx, [event]);
      }
      const until = seconds === undefined ? null : new Date(now.getTime() + seconds * 1_000);
      return {
        ...former,
        state: 'paused',
        stateReason: reason,
        pausedBy: 'partner',
        pausedUntil: until,
      };
    });
    this.#parts.endMoved();
    return row;
  }

  /** Sends what has waited, in order. One that is active stays as it is. @throws as {@link pause}. */
  async resume(caller: Caller, id: string, input: unknown): Promise<StandingSubscription> {
    parseInput(resumeByPartner, input, 'invalid_body');
    return this.#change(caller, id, async (former, trx) => {
      if (former.state === 'active') return former;
      // It may have been suspended since its token was looked at.
      await this.#parts.partners.requireStillActive(trx, caller.partnerId);
      return {
        ...former,
        state: 'active',
        stateReason: null,
        heldUntil: null,
        pausedBy: null,
        pausedUntil: null,
      };
    });
  }

  async #change(
    caller: Caller,
    id: string,
    change: (
      row: SubscriptionRow,
      trx: Database,
      now: Date,
    ) => SubscriptionRow | Promise<SubscriptionRow>,
  ): Promise<StandingSubscription> {
    const { transaction, clock, changed } = this.#parts;
    const { row, moved } = await transaction(async (trx) => {
      const former = await findSubscription(trx, id, { lock: true });
      const own = found(former?.partnerId === caller.partnerId ? former : null);
      refuseOthers(own);
      const now = clock.now();
      const next = await change(own, trx, now);
      if (next === own) return { row: own, moved: false };
      await updateSubscription(trx, { ...next, updatedAt: now });
      await bumpConfigVersion(trx);
      return { row: next, moved: true };
    });
    if (moved) changed();
    return toStanding(row);
  }
}

/** Whoever has paused it lets it go on. */
function refuseOthers({ state, stateReason, pausedBy }: SubscriptionRow): void {
  if (state === 'disabled' || state === 'sandbox') {
    throw new ConflictError(`This subscription is ${state === 'sandbox' ? 'a sandbox' : state}`, {
      code: `subscription_${state}`,
      state_reason: stateReason,
    });
  }
  if (state === 'paused' && pausedBy !== 'partner') {
    const by = pausedBy ?? 'admin';
    throw new ConflictError(`This subscription was paused by ${WHO[by]}, who lets it go on`, {
      code: `paused_by_${by}`,
      state_reason: stateReason,
    });
  }
}

const WHO = {
  admin: 'an admin',
  breaker: 'its circuit breaker',
  suspension: 'the suspension of the partner',
};

function toStanding(row: SubscriptionRow): StandingSubscription {
  return {
    id: row.id,
    state: row.state,
    state_reason: row.stateReason,
    paused_until: row.pausedUntil?.toISOString() ?? null,
  };
}
