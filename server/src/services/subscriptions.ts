import { randomBytes } from 'node:crypto';
import type { ListAnswer } from '../contracts/common';
import {
  MASKED_VALUE,
  createSubscription,
  listSubscriptions as listQuery,
  pauseSubscription,
  updateSubscription as updateBody,
} from '../contracts/subscription';
import type {
  CreatedSubscription,
  Subscription,
  SubscriptionSettings,
} from '../contracts/subscription';
import type { DestinationRegistry } from '../destinations/registry';
import type { NetworkPolicy } from '../destinations/contract';
import type { Catalogue } from '../domain/catalogue';
import type { Actor } from '../domain/event';
import { generateSecret } from '../domain/signing-secret';
import type { Evaluate } from '../flow/expression/ports';
import type { Clock, NewId } from '../flow/ports';
import { cancelOrphans, SUBSCRIPTION_DELETED } from '../store/cancel-orphans';
import { bumpConfigVersion } from '../store/config-version';
import type { Database, RunInTransaction } from '../store/database';
import { endReplays } from '../store/end-replay';
import { insertEvents } from '../store/insert-events';
import { forgetHealth } from '../store/subscription-health';
import {
  deleteSubscription,
  findSubscription,
  insertKey,
  insertSubscription,
  listSubscriptions,
  updateSubscription,
} from '../store/subscriptions';
import type { SubscriptionRow } from '../store/subscriptions';
import { checkEventTypes, checkExpressions, checkPins } from './check-shape';
import { ConflictError } from './conflict';
import { found } from './found-subscription';
import { toListAnswer } from './list-answer';
import type { OperationalEvents } from './operational-events';
import type { Partners } from './partners/partners';
import type { Secrets } from './secrets';
import { applyPatch, toResource, toStored } from './subscription-resource';
import { fieldError, parseInput, refusal } from './validation';

const BATCH_OR_COALESCE =
  'A subscription either sends batches or coalesces; set it to 0, or shape.batch to null';

export interface SubscriptionParts {
  db: () => Database;
  transaction: RunInTransaction;
  catalogue: Catalogue;
  destinations: DestinationRegistry;
  /** Parses expressions. */
  evaluate: Evaluate;
  policy: NetworkPolicy;
  secrets: Secrets;
  operational: OperationalEvents;
  /**
   * What the settings need beside the subscription's own row, in the transaction that saves it: the certificate that they
   * name must be there (throws where it is not), and key pairs that they want are made.
   */
  prepareSave: (trx: Database, settings: SubscriptionSettings) => Promise<void>;
  /** Subscriptions belong to partners that are there, and are active only while theirs is. */
  partners: Pick<Partners, 'requireActive' | 'requireStillActive'>;
  newId: NewId;
  clock: Clock;
  /** Subscriptions have changed, or events were inserted. */
  changed: () => void;
}

/** Creates, changes and reads subscriptions. Input is validated here, whoever calls. */
export class Subscriptions {
  readonly #parts: SubscriptionParts;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
  }

  /**
   * Creates a subscription and its first key.
   *
   * @returns the subscription with its secret, which is shown this once.
   * @throws ValidationError naming each wrong field; ApplicationError (code `encryption_key_missing`) when secrets
   *   cannot be encrypted: nothing is stored then.
   */
  async create(input: unknown): Promise<CreatedSubscription> {
    const { state, ...settings } = parseInput(createSubscription, input, 'invalid_body');
    this.#check({ ...settings, state });
    await this.#checkExpressions(settings);
    const { secrets, newId, clock, transaction } = this.#parts;
    const now = clock.now();
    const secret = generateSecret(randomBytes);
    const kid = `key_${newId()}`;
    const encryptedSecret = secrets.encrypt(secret);
    const row: SubscriptionRow = {
      id: newId(),
      name: settings.name,
      state,
      stateReason: null,
      heldUntil: null,
      pausedBy: state === 'paused' ? 'admin' : null,
      pausedUntil: null,
      ...toStored({ ...settings, state }, { secrets, former: null }),
      createdAt: now,
      updatedAt: now,
    };
    await transaction(async (trx) => {
      // Before the row is there: who suspends a partner locks the two in the same order.
      await this.#requirePartner(trx, settings.partner_id);
      await this.#parts.prepareSave(trx, { ...settings, state });
      await insertSubscription(trx, row);
      await insertKey(trx, { kid, subscriptionId: row.id, encryptedSecret, current: true }, now);
      await bumpConfigVersion(trx);
    });
    this.#parts.changed();
    return { ...toResource(row), secret, kid };
  }

  /** Changes the given fields, and leaves the others as they are. */
  async update(id: string, input: unknown, actor: Actor): Promise<Subscription> {
    const { state, ...patch } = parseInput(updateBody, input, 'invalid_body');
    // Before the transaction: an expression may take its time to be parsed.
    await this.#checkExpressions(patch);
    return this.#change(id, async (row, trx) => {
      const merged = applyPatch(settingsOf(toResource(row)), patch);
      const settings = parseInput(createSubscription, merged, 'invalid_body');
      this.#check(settings);
      if (settings.partner_id !== row.partnerId) {
        await this.#requirePartner(trx, settings.partner_id);
      }
      await this.#parts.prepareSave(trx, settings);
      const stored = toStored(settings, { secrets: this.#parts.secrets, former: row });
      const changed = { ...row, name: settings.name, ...stored };
      return state === undefined || state === row.state
        ? changed
        : this.#enter(changed, { state, reason: null, actor, trx });
    });
  }

  async find(id: string): Promise<Subscription> {
    return toResource(found(await findSubscription(this.#parts.db(), id)));
  }

  async list(query: unknown): Promise<ListAnswer<Subscription>> {
    const { limit, after = null, state = null } = parseInput(listQuery, query, 'invalid_query');
    const page = await listSubscriptions(this.#parts.db(), { state }, { limit, after });
    return toListAnswer(page, toResource, (row) => row.id);
  }

  /** Deletes a subscription; what it was still owed is cancelled, its delivery log stays. */
  async remove(id: string): Promise<void> {
    await this.#parts.transaction(async (trx) => {
      found(await findSubscription(trx, id, { lock: true }));
      const now = this.#parts.clock.now();
      // Before the orphans: from here on no replay can make another one.
      const ending = { state: 'cancelled', reason: SUBSCRIPTION_DELETED, now } as const;
      await endReplays(trx, { subscription_id: id }, ending);
      await deleteSubscription(trx, id);
      await cancelOrphans(trx, { subscriptionIds: [id], now });
      await bumpConfigVersion(trx);
    });
    this.#parts.changed();
  }

  /** Deliveries go on being created and wait, until the subscription is resumed. */
  async pause(id: string, input: unknown, actor: Actor): Promise<Subscription> {
    const { reason = null } = parseInput(pauseSubscription, input, 'invalid_body');
    return this.#change(id, (row, trx) =>
      this.#enter(row, { state: 'paused', reason, actor, trx }),
    );
  }

  /** Sends what has waited, in order, and lifts a wait that the endpoint had asked for. */
  async resume(id: string, actor: Actor): Promise<Subscription> {
    return this.#change(id, (row, trx) =>
      this.#enter(row, { state: 'active', reason: null, actor, trx }),
    );
  }

  /** The subscription in another state, and the event that tells of it. */
  async #enter(
    row: SubscriptionRow,
    into: {
      state: 'active' | 'sandbox' | 'paused';
      reason: string | null;
      actor: Actor;
      trx: Database;
    },
  ): Promise<SubscriptionRow> {
    const { state, reason, actor, trx } = into;
    if (state !== 'active' && row.state === 'disabled') {
      throw new ConflictError('A disabled subscription has to be resumed first', {
        code: 'subscription_disabled',
      });
    }
    if (state === 'active' && row.partnerId !== null) {
      await this.#parts.partners.requireStillActive(trx, row.partnerId);
    }
    if (state === 'paused' && row.state !== 'paused') {
      const payload = { subscription_id: row.id, subscription_name: row.name, reason };
      const { operational } = this.#parts;
      await insertEvents(trx, [
        operational.make('webhook.subscription_paused', { payload, actor }),
      ]);
    }
    // Whoever decides by hand takes over from the circuit breaker.
    await forgetHealth(trx, row.id);
    const heldUntil = state === 'active' ? null : row.heldUntil;
    const pausedBy = state === 'paused' ? 'admin' : null;
    return { ...row, state, stateReason: reason, heldUntil, pausedBy, pausedUntil: null };
  }

  async #requirePartner(trx: Database, partnerId: string | null): Promise<void> {
    if (partnerId !== null) await this.#parts.partners.requireActive(trx, partnerId);
  }

  async #change(
    id: string,
    change: (row: SubscriptionRow, trx: Database) => SubscriptionRow | Promise<SubscriptionRow>,
  ): Promise<Subscription> {
    const row = await this.#parts.transaction(async (trx) => {
      const former = found(await findSubscription(trx, id, { lock: true }));
      const updatedAt = this.#parts.clock.now();
      const changed = { ...(await change(former, trx)), updatedAt };
      await updateSubscription(trx, changed);
      await bumpConfigVersion(trx);
      return changed;
    });
    this.#parts.changed();
    return toResource(row);
  }

  /** What a schema cannot say: do the patterns cover any event, may the address be delivered to. */
  #check(settings: SubscriptionSettings): void {
    const { catalogue, destinations, policy } = this.#parts;
    const unknown = checkEventTypes(settings.event_types, catalogue);
    const { type, url, headers, timeout_seconds } = settings.destination;
    // A mask stands for a value that was checked when it was given.
    const given = Object.entries(headers).map(([name, value]) => [
      name,
      value === MASKED_VALUE ? '' : value,
    ]);
    const problems = destinations
      .get(type)
      .check(
        {
          url,
          headers: Object.fromEntries(given) as typeof headers,
          timeoutSeconds: timeout_seconds,
        },
        policy,
      )
      .map(({ path, message }) => fieldError(['destination', ...splitPath(path)], message));
    const clash =
      settings.shape.batch && settings.delivery.coalesce_seconds > 0
        ? [fieldError(['delivery', 'coalesce_seconds'], BATCH_OR_COALESCE)]
        : [];
    const pins = checkPins(settings.shape.schema_majors, catalogue);
    const wrong = [...unknown, ...problems, ...clash, ...pins];
    if (wrong.length > 0) {
      throw refusal(wrong, 'invalid_body');
    }
  }

  async #checkExpressions(given: Parameters<typeof checkExpressions>[0]): Promise<void> {
    const wrong = await checkExpressions(given, this.#parts.evaluate);
    if (wrong.length > 0) {
      throw refusal(wrong, 'invalid_body');
    }
  }
}

/** `headers.X-My.Header` is two steps, not three: only the first dot parts a section from a name. */
function splitPath(path: string): string[] {
  const dot = path.indexOf('.');
  return dot === -1 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}

function settingsOf(resource: Subscription): SubscriptionSettings {
  const { id, state, state_reason, created_at, updated_at, ...settings } = resource;
  void [id, state, state_reason, created_at, updated_at];
  return { ...settings, state: 'active' };
}
