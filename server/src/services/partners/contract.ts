import type { FeedSettings } from '../../contracts/feed';
import { MAX_ENTRIES } from '../../contracts/feed-document';
import { MAX_EVENTS, MAX_WAIT_SECONDS } from '../../contracts/feed-page';
import type { PartnerSettings } from '../../contracts/partner';
import type { SubscriptionSettings } from '../../contracts/subscription';
import type { Catalogue } from '../../domain/catalogue';
import { contractDocument } from '../../domain/contract/contract';
import type {
  AgreedEvent,
  AgreedFeed,
  AgreedSubscription,
  ContractInput,
} from '../../domain/contract/agreed';
import { readerSchema } from '../../domain/contract/reader-schema';
import type { EventDefinition } from '../../domain/definition';
import type { PartnerRule } from '../../domain/partner-rule';
import { treatPersonal } from '../../domain/personal-data';
import { RETRY_PRESETS } from '../../domain/retry';
import type { Database } from '../../store/database';
import { readConfigVersion } from '../../store/config-version';
import { loadFeeds } from '../../store/feeds';
import type { FeedRow } from '../../store/feeds';
import { listPartnerSubscriptions } from '../../store/partner-subscriptions';
import type { SubscriptionRow } from '../../store/subscriptions';
import type { Options } from '../options';
import { VERSION } from '../version';
import type { Caller } from './caller';

/** The preset whose events partners make. */
const INBOUND = 'inbound';

/** Contracts that are kept written. */
const MAX_KEPT = 100;

/** Subscriptions that a contract names, at most. */
const MAX_SUBSCRIPTIONS = 200;

export interface ContractParts {
  db: () => Database;
  catalogue: Catalogue;
  options: Pick<Options, 'producerId' | 'contract' | 'sla' | 'capture'>;
  /** The absolute address of `/api/newswire`. */
  routes: string;
}

/**
 * The AsyncAPI 3.0 document for the partner that asks, as JSON text: see domain/contract. Written once for each token, until
 * the configuration moves.
 */
export function contractOf(parts: ContractParts): (caller: Caller) => Promise<string> {
  const write = contractWriter(parts);
  const written = new Map<string, string>();
  let writtenAt = -1;
  return async (caller) => {
    const version = await readConfigVersion(parts.db());
    if (version !== writtenAt || written.size >= MAX_KEPT) written.clear();
    writtenAt = version;
    const key = JSON.stringify([caller.partnerId, caller.token?.id ?? null]);
    const known = written.get(key);
    if (known !== undefined) return known;
    const text = await write(caller);
    if (writtenAt === version) written.set(key, text);
    return text;
  };
}

function contractWriter(parts: ContractParts) {
  const { db, catalogue } = parts;
  return async (caller: Caller): Promise<string> => {
    const { partnerId, rule } = caller;
    const subscriptions = (await listPartnerSubscriptions(db(), partnerId))
      .slice(0, MAX_SUBSCRIPTIONS)
      .map((row) => agreedSubscription(row, coveredBy(catalogue, rule)));
    const feeds = (await loadFeeds(db()))
      .filter(({ settings }) => (settings as FeedSettings).partner_ids.includes(partnerId))
      .map((row) => agreedFeed(row, coveredBy(catalogue, rule)));
    const types = new Set([...subscriptions, ...feeds].flatMap(({ events }) => events));
    const input: ContractInput = {
      ...termsOf(parts, caller),
      events: catalogue.definitions
        .filter(({ type }) => types.has(type))
        .map((definition) => agreedEvent(definition, parts, caller)),
      callbacks: catalogue.definitions
        .filter(({ type }) => catalogue.groupOf(type) === INBOUND)
        .map((definition) => agreedEvent(definition, parts, null)),
      subscriptions,
      feeds,
    };
    return JSON.stringify(contractDocument(input));
  };
}

function termsOf(
  { options, routes }: ContractParts,
  { partnerId, partner, token }: Caller,
): Omit<ContractInput, 'events' | 'callbacks' | 'subscriptions' | 'feeds'> {
  const { producerId, contract, sla, capture } = options;
  return {
    version: VERSION,
    routes,
    producer: { id: producerId, ...contract },
    consumer: { id: partnerId, ...consumerOf(partner) },
    token: token && {
      name: token.name,
      scopes: token.scopes,
      expires_at: token.expiresAt?.toISOString() ?? null,
    },
    limits: {
      page_events: MAX_EVENTS,
      wait_seconds: MAX_WAIT_SECONDS,
      document_entries: MAX_ENTRIES,
      event_bytes: capture.maxEventBytes,
    },
    sla_window_seconds: sla.windowSeconds,
  };
}

function consumerOf(partner: PartnerSettings) {
  const { name, contacts, clearance, territories, genres, content_types } = partner;
  const { rate_per_minute, allowed_networks } = partner;
  return {
    ...{ name, contacts, clearance, territories, genres, content_types },
    ...{ rate_per_minute, allowed_networks },
  };
}

/** Which of the types that it asks for a partner may have. */
function coveredBy(catalogue: Catalogue, rule: PartnerRule) {
  return (patterns: readonly string[]): string[] => {
    const types = new Set(patterns.flatMap((pattern) => catalogue.covered(pattern)));
    return [...types].filter((type) => rule.mayHave(type)).sort();
  };
}

/** @param reader as whom it is read; null for what partners write themselves. */
function agreedEvent(
  definition: EventDefinition,
  { catalogue, options, routes }: ContractParts,
  reader: Caller | null,
): AgreedEvent {
  const { type, version, summary, audience, approval, personal, rules } = definition;
  return {
    ...{ type, version, summary, approval },
    ...payloadOf(definition, reader),
    group: catalogue.groupOf(type),
    address: `${routes}/schemas/${type}/${version}`,
    published: audience !== 'internal',
    rules: rules.map(({ code, summary: told }) => ({ code, summary: told })),
    sla: options.sla.promises[type] ?? definition.sla ?? null,
    personal: reader === null ? [] : personal,
  };
}

function payloadOf(
  { schema, examples, personal }: EventDefinition,
  reader: Caller | null,
): Pick<AgreedEvent, 'schema' | 'examples'> {
  const treat = reader?.rule.treat ?? null;
  if (reader === null || treat === null) return { schema, examples };
  return {
    schema: readerSchema(schema, personal, reader.partner.clearance),
    examples: examples.map((example) => treatPersonal(example, personal, treat)),
  };
}

function agreedSubscription(
  row: SubscriptionRow,
  covered: (patterns: readonly string[]) => string[],
): AgreedSubscription {
  const settings = row.settings as SubscriptionSettings;
  const { destination, shape, delivery, signing, filter } = settings;
  const { protocol, host, pathname } = new URL(destination.url);
  const { retry, order, coalesce_seconds, concurrency, rate_per_second } = delivery;
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    endpoint: { protocol: protocol.replace(':', ''), host, pathname },
    mutual_tls: destination.client_certificate_id !== null,
    timeout_seconds: destination.timeout_seconds,
    events: covered(settings.event_types),
    retry_seconds: typeof retry === 'string' ? RETRY_PRESETS[retry] : retry,
    callback_within_seconds: delivery.callback_within_seconds,
    filter: toldOf(filter),
    shape: { ...shape, transform: shape.transform !== null },
    ...{ order, coalesce_seconds, concurrency, rate_per_second, signing },
  };
}

function agreedFeed(
  { slug, settings }: FeedRow,
  covered: (patterns: readonly string[]) => string[],
): AgreedFeed {
  const { title, description, event_types, max_age_days, filter, projection, transform } =
    settings as FeedSettings;
  return {
    ...{ slug, title, description, max_age_days, projection },
    filter: toldOf(filter),
    transform: transform !== null,
    events: covered(event_types),
  };
}

/** Expressions are ours: what they look for may be what the partner is not to know of. */
function toldOf(filter: FeedSettings['filter']): object {
  return { ...filter, condition: filter.condition !== null };
}
