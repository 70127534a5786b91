import { isInbound } from '../../../config/presets/inbound';
import { isOperational } from '../../../config/presets/operational';
import type { SubscriptionSettings } from '../contracts/subscription';
import type { DestinationRegistry } from '../destinations/registry';
import type { ClientCertificate } from '../destinations/webhook';
import type { Catalogue } from '../domain/catalogue';
import { NOTHING_ALLOWED } from '../domain/partner-rule';
import type { PartnerRule } from '../domain/partner-rule';
import { retrySchedule } from '../domain/retry';
import type { Target } from '../flow/deliver/ports';
import { compileShape } from '../flow/deliver/shape/shape';
import type { Shape } from '../flow/deliver/shape/shape';
import type { Shaper } from '../flow/deliver/shape/shaper';
import { makeRoute } from '../flow/route';
import type { Evaluate } from '../flow/expression/ports';
import { matchingEvents } from '../flow/replay/matching-events';
import type { ReplayRule } from '../flow/replay/ports';
import type { Route } from '../flow/route';
import type { Clock } from '../flow/ports';
import { loadClientCertificates } from '../store/client-certificates';
import type { ClientCertificateRow } from '../store/client-certificates';
import { readConfigVersion } from '../store/config-version';
import type { Database } from '../store/database';
import { loadPartners } from '../store/partners';
import { listProducerKeys } from '../store/producer-keys';
import { loadSubscriptions } from '../store/subscriptions';
import type { KeyRow, SubscriptionRow } from '../store/subscriptions';
import { partnerRule } from './partner-rules';
import type { Secrets } from './secrets';
import { readProducerKeys, readSigningKeys } from './signing-keys';
import type { ProducerKeys } from './signing-keys';

/** What several subscriptions share. */
interface Shared {
  now: Date;
  producer: ProducerKeys;
  certificates: Map<string, ClientCertificateRow>;
  partners: Map<string, PartnerRule>;
}

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
  readonly #producerId: string;
  readonly #catalogue: Catalogue;
  readonly #clock: Clock;
  #snapshot: Snapshot | null = null;

  constructor(
    secrets: Secrets,
    destinations: DestinationRegistry,
    input: { shaper: Shaper; producerId: string; catalogue: Catalogue; clock: Clock },
  ) {
    this.#secrets = secrets;
    this.#destinations = destinations;
    this.#shaper = input.shaper;
    this.#producerId = input.producerId;
    this.#catalogue = input.catalogue;
    this.#clock = input.clock;
  }

  /** @param version the configuration's, where the caller has just read it. */
  async routes(db: Database, version?: number): Promise<readonly Route[]> {
    return (await this.#current(db, version)).routes;
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

  /** All targets as they were last loaded. */
  knownTargets(): Map<string, Target> {
    return this.#snapshot?.targets ?? new Map<string, Target>();
  }

  /** A subscription's name as it was last loaded; its id where it is not known. */
  nameOf(subscriptionId: string): string {
    return this.#snapshot?.names.get(subscriptionId) ?? subscriptionId;
  }

  /** Never goes back: who asked earlier and is answered later is given what was loaded meanwhile. */
  async #current(db: Database, known?: number): Promise<Snapshot> {
    const version = known ?? (await readConfigVersion(db));
    if (this.#snapshot && this.#snapshot.version >= version) return this.#snapshot;
    const loaded = await loadSubscriptions(db);
    const fresh = this.#load(version, loaded, await this.#shared(db));
    if (!this.#snapshot || this.#snapshot.version < version) this.#snapshot = fresh;
    return this.#snapshot;
  }

  async #shared(db: Database): Promise<Shared> {
    const now = this.#clock.now();
    const certificates = await loadClientCertificates(db);
    return {
      now,
      producer: readProducerKeys(await listProducerKeys(db), { secrets: this.#secrets, now }),
      certificates: new Map(certificates.map((row) => [row.id, row])),
      partners: await this.#partners(db),
    };
  }

  async #partners(db: Database): Promise<Map<string, PartnerRule>> {
    const parts = { secrets: this.#secrets, catalogue: this.#catalogue };
    const rows = await loadPartners(db);
    return new Map(rows.map((row) => [row.partnerId, partnerRule(row, parts) ?? NOTHING_ALLOWED]));
  }

  #load(
    version: number,
    loaded: { subscription: SubscriptionRow; keys: KeyRow[] }[],
    shared: Shared,
  ): Snapshot {
    return {
      version,
      routes: loaded.map(({ subscription }) =>
        makeRoute({
          id: subscription.id,
          open: subscription.state === 'active' || subscription.state === 'paused',
          settings: subscription.settings as SubscriptionSettings,
          partner: partnerOf(subscription, shared),
        }),
      ),
      targets: new Map(
        loaded.map(({ subscription, keys }) => [
          subscription.id,
          this.#target(subscription, keys, shared),
        ]),
      ),
      names: new Map(loaded.map(({ subscription }) => [subscription.id, subscription.name])),
    };
  }

  #target(subscription: SubscriptionRow, keyRows: KeyRow[], shared: Shared): Target {
    const settings = subscription.settings as SubscriptionSettings;
    const destination = this.#destinations.get(settings.destination.type);
    const headers = this.#headersOf(subscription);
    const certificateId = settings.destination.client_certificate_id;
    const clientCertificate = this.#certificateOf(certificateId, shared);
    const keys = readSigningKeys(keyRows, {
      secrets: this.#secrets,
      now: shared.now,
      producerId: this.#producerId,
      producer: shared.producer,
      signing: settings.signing,
    });
    // Made once: the destination keeps what it has prepared for these very settings.
    const sendSettings = {
      url: settings.destination.url,
      headers: headers ?? {},
      timeoutSeconds: settings.destination.timeout_seconds,
      clientCertificate,
    };
    const within = settings.delivery.callback_within_seconds;
    let compiled: Shape | null = null;
    const shape = () =>
      (compiled ??= compileShape(
        settings.shape,
        settings.filter.scope,
        partnerOf(subscription, shared),
      ));
    return {
      subscriptionId: subscription.id,
      open: subscription.state === 'active' || subscription.state === 'sandbox',
      concurrency: settings.delivery.concurrency,
      ratePerSecond: settings.delivery.rate_per_second,
      schedule: retrySchedule(settings.delivery.retry),
      callbackWithinMs: (eventType) =>
        within === null || isInbound(eventType) || isOperational(eventType) ? null : within * 1_000,
      keys: headers && (certificateId === null || clientCertificate) && keys,
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

  /** The certificate with its key in clear; null where there is none, or its key cannot be decrypted. */
  #certificateOf(id: string | null, shared: Shared): ClientCertificate | null {
    const row = id === null ? undefined : shared.certificates.get(id);
    const privateKey = row ? this.#secrets.decrypt(row.encryptedPrivateKey) : null;
    return row && privateKey !== null
      ? { id: row.id, certificate: row.certificate, privateKey }
      : null;
  }
}

/** Null for a subscription of our own. A partner that is not there (any more) may have nothing. */
function partnerOf({ settings }: SubscriptionRow, shared: Shared): PartnerRule | null {
  const { partner_id } = settings as SubscriptionSettings;
  return partner_id === null ? null : (shared.partners.get(partner_id) ?? NOTHING_ALLOWED);
}
