/** What is taken from partners, in AsyncAPI: `POST /callbacks`, a message for each type of event that it may become. */
import { message, schemasOf } from './asyncapi';
import type { AsyncApiDocument, DescribedEvent } from './asyncapi';

/** Name of the message, and of the schema, that is a callback of this type: a partner may be sent it as an event, too. */
export const callbackName = (type: string) => `callback.${type}`;

const HEADERS = 'callback_headers';

/** What a partner posts: not a whole event, which is made of it. */
export function callbackMessages(callbacks: readonly DescribedEvent[]): Record<string, object> {
  return Object.fromEntries(
    callbacks.map((event) => [
      callbackName(event.type),
      {
        ...message(event),
        headers: { $ref: `#/components/schemas/${HEADERS}` },
        payload: { $ref: `#/components/schemas/${callbackName(event.type)}` },
      },
    ]),
  );
}

export function callbackSchemas(callbacks: readonly DescribedEvent[]): Record<string, unknown> {
  if (callbacks.length === 0) return {};
  const headers = {
    type: 'object',
    properties: { 'X-Idempotency-Key': { type: 'string', minLength: 1, maxLength: 200 } },
    required: ['X-Idempotency-Key'],
  };
  return Object.assign({ [HEADERS]: headers }, ...callbacks.map(schemasOfCallback)) as Record<
    string,
    unknown
  >;
}

function schemasOfCallback(event: DescribedEvent): Record<string, unknown> {
  const name = callbackName(event.type);
  const { [name]: whole, ...parts } = schemasOf({ ...event, type: name });
  const { properties } = whole as { properties: { payload: unknown } };
  return {
    ...parts,
    [name]: {
      type: 'object',
      title: event.type,
      description: event.summary,
      properties: {
        event_type: { const: event.type },
        in_reply_to: {
          type: 'string',
          format: 'uuid',
          description: 'event_id of the event that is answered.',
        },
        payload: properties.payload,
      },
      required: ['event_type', 'payload'],
    },
  };
}

/** A document, with what partners may tell as operations that receive. */
export function withCallbacks(
  document: AsyncApiDocument,
  { routes, callbacks }: { routes: string; callbacks: readonly DescribedEvent[] },
): object {
  if (callbacks.length === 0) return document;
  const { host, protocol, pathname } = new URL(routes);
  const { components } = document;
  const groups = new Set(callbacks.map(({ group }) => group));
  const messageIn = (type: string) => `#/channels/callbacks/messages/${callbackName(type)}`;
  const messages = callbackMessages(callbacks);
  return {
    ...document,
    info: {
      ...document.info,
      tags: [...document.info.tags, ...[...groups].sort().map((name) => ({ name }))],
    },
    servers: {
      ...document.servers,
      newswire: { host, pathname, protocol: protocol.replace(':', ''), description: 'This one.' },
    },
    channels: {
      ...document.channels,
      callbacks: {
        address: '/callbacks',
        title: 'Callbacks',
        description:
          'POST { event_type, in_reply_to, payload } with X-Idempotency-Key; answered 202 { data: { event_id, idempotency_token } }.',
        servers: [{ $ref: '#/servers/newswire' }],
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
    },
    operations: {
      ...document.operations,
      ...Object.fromEntries(
        callbacks.map(({ type, summary, group }) => [
          `receive.${type}`,
          {
            action: 'receive',
            title: type,
            summary,
            channel: { $ref: '#/channels/callbacks' },
            messages: [{ $ref: messageIn(type) }],
            security: ['token', 'hmac', 'shared_secret'].map((name) => ({
              $ref: `#/components/securitySchemes/${name}`,
            })),
            tags: [{ name: group }],
            bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
          },
        ]),
      ),
    },
    components: {
      messages: { ...components.messages, ...messages },
      schemas: { ...components.schemas, ...callbackSchemas(callbacks) },
      securitySchemes: {
        ...components.securitySchemes,
        token: { type: 'http', scheme: 'bearer', description: "A partner's token: nwp_…." },
      },
    },
  };
}
