import type { SubscriptionSettings } from '../contracts/subscription';
import type { DestinationRegistry } from '../destinations/registry';
import { retrySchedule } from '../domain/retry';
import { prepareKeys } from '../domain/signature';
import type { SigningKeys } from '../domain/signature';
import type { Target } from '../flow/deliver/ports';
import { compileShape } from '../flow/deliver/shape/shape';
import type { Shape } from '../flow/deliver/shape/shape';
import type { Shaper } from '../flow/deliver/shape/shaper';
import { makeRoute } from '../flow/route';
import type { Evaluate } from '../flow/expression/ports';
import { matchingEvents } from '../flow/replay/matching-events';
import type { ReplayRule } from '../flow/replay/ports';
import type { Route } from '../flow/route';
import { readConfigVersion } from '../store/config-version';
import type { Database } from '../store/database';
import { loadSubscriptions } from '../store/subscriptions';
import type { KeyRow, SubscriptionRow } from '../store/subscriptions';
import type { Secrets } from './secrets';

interface Snapshot {
  version: number;
  routes: Route[];
  targets: Map<string, Target>;
  names: Map<string, string>;
}

/**
 * All subscriptions in memory, ready for routing and sending. Each use reads the configuration's version, one row, and
 * loads everything again when it has moved; so a change made by any process counts from the next transaction on.
 */
export class Directory {
  readonly #secrets: Secrets;
  readonly #destinations: DestinationRegistry;
  readonly #shaper: Shaper;
  #snapshot: Snapshot | null = null;

  constructor(secrets: Secrets, destinations: DestinationRegistry, shaper: Shaper) {
    this.#secrets = secrets;
    this.#destinations = destinations;
    this.#shaper = shaper;
  }

  async routes(db: Database): Promise<readonly Route[]> {
    return (await this.#current(db)).routes;
  }

  async targets(db: Database): Promise<Map<string, Target>> {
    return (await this.#current(db)).targets;
  }

  /** What a replay to a subscription goes by; null when there is no such subscription. */
  async rule(db: Database, subscriptionId: string, evaluate: Evaluate): Promise<ReplayRule | null> {
    const { routes, targets } = await this.#current(db);
    const route = routes.find((known) => known.subscriptionId === subscriptionId);
    return route
      ? {
          open: targets.get(subscriptionId)?.open === true,
          matching: (events) => matchingEvents({ db, evaluate }, route, events),
          orderKey: (event) => route.orderKey(event),
          batch: route.batch,
        }
      : null;
  }

  /** A subscription's name as it was last loaded; its id where it is not known. */
  nameOf(subscriptionId: string): string {
    return this.#snapshot?.names.get(subscriptionId) ?? subscriptionId;
  }

  async #current(db: Database): Promise<Snapshot> {
    const version = await readConfigVersion(db);
    if (this.#snapshot?.version !== version) {
      this.#snapshot = this.#load(version, await loadSubscriptions(db));
    }
    return this.#snapshot;
  }

  #load(version: number, loaded: { subscription: SubscriptionRow; keys: KeyRow[] }[]): Snapshot {
    return {
      version,
      routes: loaded.map(({ subscription }) =>
        makeRoute({
          id: subscription.id,
          open: subscription.state === 'active' || subscription.state === 'paused',
          settings: subscription.settings as SubscriptionSettings,
        }),
      ),
      targets: new Map(
        loaded.map(({ subscription, keys }) => [subscription.id, this.#target(subscription, keys)]),
      ),
      names: new Map(loaded.map(({ subscription }) => [subscription.id, subscription.name])),
    };
  }

  #target(subscription: SubscriptionRow, keyRows: KeyRow[]): Target {
    const settings = subscription.settings as SubscriptionSettings;
    const destination = this.#destinations.get(settings.destination.type);
    const headers = this.#headersOf(subscription);
    // Made once: the destination keeps what it has prepared for these very settings.
    const sendSettings = {
      url: settings.destination.url,
      headers: headers ?? {},
      timeoutSeconds: settings.destination.timeout_seconds,
    };
    let compiled: Shape | null = null;
    const shape = () => (compiled ??= compileShape(settings.shape));
    return {
      subscriptionId: subscription.id,
      open: subscription.state === 'active' || subscription.state === 'sandbox',
      concurrency: settings.delivery.concurrency,
      ratePerSecond: settings.delivery.rate_per_second,
      schedule: retrySchedule(settings.delivery.retry),
      keys: headers && this.#keysOf(keyRows),
      shape: async (event) => this.#shaper.request(event, shape()),
      shapeBatch: async (batchId, events) => this.#shaper.batch(batchId, events, shape()),
      send: (body, ours, signal) =>
        destination.send({ settings: sendSettings, body, headers: ours }, signal),
    };
  }

  /** The custom headers in clear; null when they cannot be decrypted. */
  #headersOf(subscription: SubscriptionRow): Record<string, string> | null {
    if (subscription.encryptedHeaders === null) {
      return {};
    }
    const text = this.#secrets.decrypt(subscription.encryptedHeaders);
    return text === null ? null : (JSON.parse(text) as Record<string, string>);
  }

  #keysOf(rows: KeyRow[]): SigningKeys | null {
    const keys = rows.map(({ kid, current, encryptedSecret }) => ({
      kid,
      current,
      secret: this.#secrets.decrypt(encryptedSecret),
    }));
    const readable = keys.filter(
      (key): key is typeof key & { secret: string } => key.secret !== null,
    );
    return readable.length === keys.length && readable.length > 0 ? prepareKeys(readable) : null;
  }
}
