/** What a contract with one partner is made from. */
import type { DescribedEvent } from '../asyncapi';
import type { Clearance } from '../personal-data';
import type { Sla } from '../sla';

/** Somebody to be asked. */
export interface ContractContact {
  name: string;
  email: string | null;
  role: string | null;
}

/** Who sends. */
export interface Producer {
  id: string;
  contacts: readonly ContractContact[];
  /** In words, as the producer has configured them; null where it has not. */
  sla: string | null;
  escalation: string | null;
  /** Address of the terms that the contract stands under. */
  terms: string | null;
}

/** Who receives. */
export interface Consumer {
  id: string;
  name: string;
  contacts: readonly ContractContact[];
  clearance: Clearance;
  territories: readonly string[];
  genres: readonly string[];
  content_types: readonly string[];
  rate_per_minute: number;
  allowed_networks: readonly string[];
}

/** The token that asks; null where a signature does. */
export interface AgreedToken {
  name: string;
  scopes: readonly string[];
  expires_at: string | null;
}

/** An event type that the partner may have, with its payload's schema and examples as the partner sees them. */
export interface AgreedEvent extends DescribedEvent {
  /** Whether its schema stands at its address: of what is for us alone it does not. */
  published: boolean;
  rules: readonly { code: string; summary: string }[];
  approval: boolean;
  sla: Sla | null;
  personal: readonly string[];
}

/** A webhook subscription of the partner's own. */
export interface AgreedSubscription {
  id: string;
  name: string;
  state: string;
  /** Of the endpoint, without query and credentials. */
  endpoint: { protocol: string; host: string; pathname: string };
  mutual_tls: boolean;
  timeout_seconds: number;
  /** Names of the event types that reach it. */
  events: readonly string[];
  filter: object;
  shape: {
    body: string;
    projection: readonly string[] | null;
    /** Whether there is one. */
    transform: boolean;
    schema_majors: Readonly<Record<string, number>>;
    gzip: boolean;
    batch: { max_items: number; max_bytes: number; max_wait_seconds: number } | null;
  };
  /** Waits before each attempt, in seconds. */
  retry_seconds: readonly number[];
  order: string;
  coalesce_seconds: number;
  concurrency: number;
  rate_per_second: number | null;
  callback_within_seconds: number | null;
  signing: { ed25519: boolean; jws: boolean };
}

/** A feed that the partner may read. */
export interface AgreedFeed {
  slug: string;
  title: string;
  description: string;
  events: readonly string[];
  max_age_days: number | null;
  filter: object;
  projection: readonly string[] | null;
  /** Whether there is one. */
  transform: boolean;
}

export interface ContractInput {
  version: string;
  /** The absolute address of `/api/newswire`. */
  routes: string;
  producer: Producer;
  consumer: Consumer;
  token: AgreedToken | null;
  events: readonly AgreedEvent[];
  /** What the partner may answer and report. */
  callbacks: readonly AgreedEvent[];
  subscriptions: readonly AgreedSubscription[];
  feeds: readonly AgreedFeed[];
  limits: {
    /** Of one page of a feed: events as JSON, seconds of a long poll, entries for feed readers. */
    page_events: number;
    wait_seconds: number;
    document_entries: number;
    /** Largest event, in bytes. */
    event_bytes: number;
  };
  /** The rolling window over which promises are measured, in seconds. */
  sla_window_seconds: number;
}
