/** What two parties agree on beside the events: each part is an extension of the document's `info`. */
import type { AgreedEvent, AgreedSubscription, ContractInput } from './agreed';

/** All of them, by the name of their extension. */
export function contractTerms(input: ContractInput): Record<string, object> {
  return {
    'x-newswire-parties': parties(input),
    'x-newswire-event-types': eventTypes(input),
    'x-newswire-schemas': schemas(input),
    'x-newswire-validation': validation(input),
    'x-newswire-delivery': delivery(input),
    'x-newswire-security': security(input),
    'x-newswire-limits': limits(input),
    'x-newswire-sla': sla(input),
    'x-newswire-escalation': escalation(input),
    'x-newswire-reconciliation': reconciliation(input),
  };
}

function parties({ producer, consumer, token }: ContractInput): object {
  const { id, name, contacts, clearance, territories, genres, content_types } = consumer;
  return {
    producer: { id: producer.id, contacts: producer.contacts, terms: producer.terms },
    consumer: { id, name, contacts },
    rights: {
      clearance,
      scope: { territories, genres, content_types },
      rule: 'An empty list restricts nothing. Events outside of this scope, and items of an event outside of it, are never sent or shown.',
    },
    token,
  };
}

function eventTypes({ events, callbacks, subscriptions, feeds }: ContractInput): object {
  const told = (event: AgreedEvent) => ({
    event_type: event.type,
    schema_version: event.version,
    summary: event.summary,
  });
  return {
    sent: events.map((event) => ({
      ...told(event),
      approval: event.approval,
      subscriptions: subscriptions
        .filter((one) => one.events.includes(event.type))
        .map(({ id }) => id),
      feeds: feeds.filter((one) => one.events.includes(event.type)).map(({ slug }) => slug),
    })),
    received: callbacks.map(told),
    lifecycle: [
      'An event is a fact: it never changes, and what happens later is another event.',
      'subject.id names what it is about, subject.change_token the state of it: equal tokens, equal state.',
      'Withdrawals and deletions are events like others; after one, use of what it names has to end.',
      'An event that needs approval is sent when a person has given it, after all that was sent before.',
    ],
  };
}

function schemas({ routes, events, callbacks }: ContractInput): object {
  return {
    list: `${routes}/schemas`,
    addresses: Object.fromEntries(
      [...events, ...callbacks]
        .filter(({ published }) => published)
        .map(({ type, address }) => [type, address]),
    ),
    changelog: `${routes}/schemas/{event_type}/changelog`,
    dialect: 'https://json-schema.org/draft/2020-12/schema',
    versioning: [
      'schema_version is semantic and stands in every event and in X-Schema-Version.',
      'Within a major version properties may be added, and none is removed or widened: ignore those that you do not know.',
      'A subscription can be pinned to a major version of an event type (shape.schema_majors) and goes on receiving it.',
    ],
  };
}

function validation({ events, callbacks, consumer }: ContractInput): object {
  const ofType = ({ type, schema, rules, personal }: AgreedEvent) => ({
    event_type: type,
    required: Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [],
    rules,
    personal,
  });
  return {
    sent: events.map(ofType),
    received: callbacks.map(ofType),
    personal_data: PERSONAL[consumer.clearance],
    conventions: {
      territories: 'ISO 3166-1 alpha-2',
      languages: 'BCP 47',
      times: 'ISO 8601, UTC',
    },
    refusals: {
      400: 'A callback breaks its schema; the error says where.',
      422: 'A callback breaks a business rule; details.code says which.',
    },
  };
}

const PERSONAL = {
  public: 'Personal fields are left out.',
  partner:
    'Personal fields are replaced by pseudonyms (pn_…) that are the same for the same value, and yours alone.',
  internal: 'Personal fields are sent as they are.',
};

function delivery({ subscriptions, callbacks, routes }: ContractInput): object {
  return {
    guarantee:
      'At least once. event_id, webhook-id and X-Idempotency-Key are the same on every attempt and replay: remember them for as long as retries may take, 30 days for what is worth much, and ignore repeats.',
    acknowledgement: {
      200: 'Any 2xx: taken.',
      202: 'Taken, and worked on later: a subscription with callback_within_seconds waits for content.ingested or content.rejected.',
      410: 'The subscription is disabled.',
      '408, 425, 429, 5xx, no answer': 'Tried again by the schedule.',
      '429 or 503 with Retry-After': 'Everything owed to the subscription waits that long.',
      'other 4xx, 3xx': 'Final: a dead letter at once.',
    },
    retries: {
      jitter: 'Up to 20 % is added to each wait.',
      subscriptions: subscriptions.map(({ id, retry_seconds, order }) => ({
        subscription_id: id,
        waits_seconds: retry_seconds,
        attempts: retry_seconds.length,
        order,
      })),
    },
    dead_letters:
      'When the attempts are used up, or an answer is final, the delivery becomes a dead letter: it is kept, webhook.delivery_failed is raised on our side, and it can be delivered again (X-Replay: true).',
    callbacks: {
      address: `${routes}/callbacks`,
      event_types: callbacks.map(({ type }) => type),
      authentication:
        'A token with the scope callbacks:write; or a signature with the secret of one of your subscriptions, which X-Subscription-Id names.',
      in_reply_to: 'event_id of the event that is answered.',
      idempotency:
        'X-Idempotency-Key: the same key again gives the same answer and no second event.',
      deadlines: subscriptions.map(({ id, callback_within_seconds }) => ({
        subscription_id: id,
        within_seconds: callback_within_seconds,
      })),
    },
  };
}

function security({ subscriptions, consumer, routes, token }: ContractInput): object {
  return {
    transport:
      'HTTPS alone, TLS 1.2 or newer; certificates are verified; redirects are not followed.',
    signatures: {
      algorithm:
        'HMAC-SHA256, in webhook-signature (Standard Webhooks, v1) and in X-Signature (sha256=…).',
      kid: 'X-Signature-KID names the key of X-Signature.',
      rotation:
        'A new secret is shown once. While two are in force webhook-signature has an entry for each, X-Signature is made with the new one; the old one ends when the overlap does.',
      comparison:
        'In constant time; and refuse a webhook-timestamp that is more than five minutes away.',
      public_keys: `${routes}/jwks.json`,
      subscriptions: subscriptions.map(({ id, signing, mutual_tls }) => ({
        subscription_id: id,
        ed25519: signing.ed25519,
        jws: signing.jws,
        mutual_tls,
      })),
    },
    tokens: {
      header: 'Authorization: Bearer nwp_…',
      feeds:
        'Feeds take the token as the password of HTTP Basic and as ?token= too, for feed readers.',
      scopes: token?.scopes ?? [],
      expires_at: token?.expires_at ?? null,
      allowed_networks: consumer.allowed_networks,
    },
  };
}

function limits({ consumer, subscriptions, limits: own }: ContractInput): object {
  return {
    requests_per_minute: consumer.rate_per_minute,
    announced_by: 'RateLimit, RateLimit-Policy; when exceeded 429 with Retry-After.',
    feed_page: { max_events: own.page_events, max_wait_seconds: own.wait_seconds },
    feed_document: { max_entries: own.document_entries },
    max_event_bytes: own.event_bytes,
    answer_read_bytes: 65_536,
    subscriptions: subscriptions.map(limitsOf),
  };
}

function limitsOf(one: AgreedSubscription): object {
  return {
    subscription_id: one.id,
    concurrency: one.concurrency,
    rate_per_second: one.rate_per_second,
    timeout_seconds: one.timeout_seconds,
    coalesce_seconds: one.coalesce_seconds,
    batch: one.shape.batch,
    gzip: one.shape.gzip,
  };
}

function sla({ events, producer, routes, sla_window_seconds }: ContractInput): object {
  return {
    terms: producer.sla,
    promises: events.flatMap(({ type, sla: promise }) =>
      promise
        ? [{ event_type: type, within_seconds: promise.withinSeconds, share: promise.share }]
        : [],
    ),
    measured: {
      from: 'occurred_at',
      to: 'the first attempt that succeeds',
      window_seconds: sla_window_seconds,
    },
    observability: {
      usage: `${routes}/usage`,
      backlog: 'X-Delivery-Backlog on every request: deliveries now owed to the subscription.',
      attempts: 'X-Delivery-Attempt counts from 1.',
      gaps: 'sequence_number and produced_at in every event.',
    },
  };
}

function escalation({ producer, consumer }: ContractInput): object {
  return {
    process: producer.escalation,
    producer: producer.contacts,
    consumer: consumer.contacts,
    disputes:
      'A dispute over rights is settled by people; the correction is made in our content and reaches you as rights.updated or content.withdrawn.',
  };
}

function reconciliation({ routes, feeds }: ContractInput): object {
  return {
    process:
      'Compare your copy with the records of a feed: each has its subject, its change token and its state now. Where a token differs, take the record; what was missed can be delivered again on request.',
    records: feeds.map(({ slug }) => `${routes}/feeds/${slug}/records`),
    events: feeds.map(({ slug }) => `${routes}/feeds/${slug}/events`),
  };
}
