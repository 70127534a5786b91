/** The AsyncAPI 3.0 document of published events: what is sent, with which headers, signed how. */
import { requestHeadersSchema } from './asyncapi-headers';
import type { JsonSchema } from './definition';
import { eventSchema } from './event-schema';
import type { PublishedEvent } from './event-schema';
import { isSchema } from './schema-contract';
import { mapSubschemas } from './schema-walk';

/** An event, the preset that it belongs to, and where its schema stands. */
export interface DescribedEvent extends PublishedEvent {
  group: string;
  address: string;
}

export interface AsyncApiInput {
  title: string;
  version: string;
  /** The absolute address of `/api/newswire`. */
  routes: string;
  events: readonly DescribedEvent[];
}

/** Names of components, which may hold nothing but these characters. */
const UNFIT = /[^A-Za-z0-9._-]/g;

/** What a request is signed with, as references. */
export const SECURITY = ['hmac', 'shared_secret', 'ed25519'].map((name) => ({
  $ref: `#/components/securitySchemes/${name}`,
}));

/** The members of a document that others add to. */
export interface AsyncApiDocument {
  info: { tags: { name: string }[]; [name: string]: unknown };
  servers: object;
  channels: object;
  operations: object;
  components: { messages: object; schemas: object; securitySchemes: object };
  [name: string]: unknown;
}

/** Writes the document. Equal input makes an equal document. */
export function asyncApiDocument({
  title,
  version,
  routes,
  events,
}: AsyncApiInput): AsyncApiDocument {
  const by = <T>(make: (event: DescribedEvent) => T) =>
    Object.fromEntries(events.map((event) => [event.type, make(event)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title,
      version,
      description: describe(routes),
      tags: [...new Set(events.map(({ group }) => group))].sort().map((name) => ({ name })),
      externalDocs: { description: 'JSON Schemas of all events', url: `${routes}/schemas` },
    },
    defaultContentType: 'application/json',
    servers: {
      subscriber: {
        host: '{host}',
        protocol: 'https',
        description: "The subscriber's own endpoint: each subscription has its address.",
        variables: { host: { description: "Host of the subscription's destination." } },
      },
    },
    channels: by((event) => ({
      address: null,
      title: event.type,
      description: event.summary,
      tags: [{ name: event.group }],
      messages: { [event.type]: { $ref: `#/components/messages/${event.type}` } },
    })),
    operations: Object.fromEntries(events.map((event) => [`send.${event.type}`, operation(event)])),
    components: {
      messages: by(message),
      schemas: {
        request_headers: requestHeadersSchema(),
        ...Object.assign({}, ...events.map(schemasOf)),
      } as Record<string, unknown>,
      securitySchemes: securitySchemes(routes),
    },
  };
}

function operation({ type, summary, group }: DescribedEvent): object {
  return {
    action: 'send',
    title: type,
    summary,
    channel: { $ref: `#/channels/${type}` },
    messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
    security: SECURITY,
    tags: [{ name: group }],
    bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
  };
}

/** An event as a message. */
export function message({ type, version, summary, group, address }: DescribedEvent): object {
  return {
    name: type,
    title: `${type} ${version}`,
    summary,
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/request_headers' },
    payload: { $ref: `#/components/schemas/${type}` },
    tags: [{ name: group }],
    externalDocs: { description: 'The JSON Schema (2020-12)', url: address },
  };
}

/** An event's schema and those that it refers to, in the dialect of AsyncAPI, which is that of draft 07. */
export function schemasOf(event: DescribedEvent): Record<string, unknown> {
  const { $schema: _, $id: __, $defs, ...schema } = eventSchema(event, event.address);
  const own = toAsyncApi(event.type);
  const parts = isSchema($defs) ? Object.entries($defs) : [];
  return {
    [event.type]: own(schema),
    ...Object.fromEntries(
      parts.map(([name, part]) => [componentName(event.type, name), own(part)]),
    ),
  };
}

function toAsyncApi(type: string): (schema: unknown) => unknown {
  return function convert(schema: unknown): unknown {
    if (!isSchema(schema)) return schema;
    const { prefixItems, items, $ref, ...rest } = mapSubschemas(schema, convert);
    return {
      ...rest,
      ...(typeof $ref === 'string' ? { $ref: moved($ref, type) } : {}),
      ...tuple(prefixItems, items),
    };
  };
}

function tuple(prefixItems: unknown, items: unknown): JsonSchema {
  if (prefixItems !== undefined) {
    return { items: prefixItems, ...(items === undefined ? {} : { additionalItems: items }) };
  }
  return items === undefined ? {} : { items };
}

function moved(reference: string, type: string): string {
  const part = /^#\/\$defs\/([^/]+)(.*)$/.exec(reference);
  if (part) return `#/components/schemas/${componentName(type, part[1] ?? '')}${part[2] ?? ''}`;
  return reference.replace(/^#/, `#/components/schemas/${type}`);
}

function componentName(type: string, name: string): string {
  return `${type}.${name.replace(UNFIT, '_')}`;
}

/** How requests to subscribers are signed. */
export function securitySchemes(routes: string): object {
  return {
    hmac: {
      type: 'httpApiKey',
      name: 'webhook-signature',
      in: 'header',
      description:
        'Standard Webhooks: `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; one for each key in force, separated by spaces. Check the age of `webhook-timestamp` too.',
    },
    shared_secret: {
      type: 'httpApiKey',
      name: 'X-Signature',
      in: 'header',
      description:
        "`sha256=` and the hex of HMAC-SHA256 over the raw body, keyed with the secret's text as it was shown, `whsec_` included.",
    },
    ed25519: {
      type: 'httpApiKey',
      name: 'webhook-signature',
      in: 'header',
      description: `Where the subscription asks for it: \`v1a,\` and the Base64 of an Ed25519 signature over \`id.timestamp.body\`. Public keys: ${routes}/jwks.json`,
    },
  };
}

function describe(routes: string): string {
  return [
    'Events that are sent to subscribers as webhooks: an HTTPS POST for each, signed, at least once.',
    'An answer of 2xx takes the event; 408, 425, 429, 5xx and a connection that fails are tried again; any other 4xx and every 3xx are final.',
    '`event_id` is the same on every attempt: who remembers it can ignore repeats.',
    'Within a major version of `schema_version` properties may be added, and none is removed or widened.',
    `Public keys for asymmetric signatures: ${routes}/jwks.json. What changed with each version: ${routes}/schemas/{event_type}/changelog.`,
  ].join('\n\n');
}
