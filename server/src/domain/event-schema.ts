/** The JSON Schema (2020-12) of a whole event (spec §2), as it is published. */
import type { JsonSchema } from './definition';
import { isSchema } from './schema-contract';
import { majorOf } from './schema-major';
import { mapSubschemas } from './schema-walk';

/** What of a definition its published schema tells. */
export interface PublishedEvent {
  type: string;
  version: string;
  summary: string;
  /** The payload's. */
  schema: JsonSchema;
  /** Payloads. */
  examples: readonly unknown[];
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const text = (description: string) => ({ type: 'string', description });
const textOrNull = (description: string) => ({ type: ['string', 'null'], description });
const instant = (description: string) => ({ ...text(description), format: 'date-time' });
const object = (description: string, properties: Record<string, object>) => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties),
});

/** @param address where the schema stands: its `$id`. */
export function eventSchema(event: PublishedEvent, address: string): JsonSchema {
  const { $defs, ...payload } = publishedPayload(event.schema);
  return {
    $schema: DIALECT,
    $id: address,
    title: event.type,
    description: event.summary,
    ...(event.examples.length > 0
      ? { examples: event.examples.map((example) => exampleEvent(event, example)) }
      : {}),
    ...frame(event, payload),
    ...($defs === undefined ? {} : { $defs }),
  };
}

function frame({ type, version }: PublishedEvent, payload: JsonSchema): JsonSchema {
  const properties = {
    event_id: {
      ...text('UUIDv7; the same on every attempt and replay: remember it to ignore repeats.'),
      format: 'uuid',
    },
    event_type: { const: type },
    // A reader of this version reads all of its major version.
    schema_version: {
      ...text('Semantic version of the payload’s schema.'),
      pattern: `^${majorOf(version)}\\.\\d+\\.\\d+$`,
      examples: [version],
    },
    sequence_number: {
      type: 'integer',
      minimum: 1,
      description: "The event's place in the log: 1, 2, 3 …, no gap.",
    },
    producer_id: text('The installation that the event comes from.'),
    occurred_at: instant('When the change was made.'),
    produced_at: instant('When the event was given its sequence number.'),
    actor: object('Who made the change.', {
      type: { enum: ['admin', 'api-token', 'user', 'partner', 'system'] },
      user_id: textOrNull('Never an e-mail address.'),
      display_name: textOrNull('As shown in the admin panel.'),
      role: textOrNull('The role in which the change was made.'),
    }),
    subject: object('What the event is about.', {
      type: text("A content type's uid, or a kind of thing of Newswire's own."),
      id: text('The document.'),
      locale: textOrNull('Null for what is not localised.'),
      change_token: text('Equal tokens mean equal state.'),
    }),
    changed: {
      type: 'array',
      items: { type: 'string' },
      description: 'Attributes that differ between the state before and after.',
    },
    payload,
  };
  return { type: 'object', properties, required: Object.keys(properties) };
}

/**
 * A payload's schema as readers may rely on it: properties that they do not know may be added within a major version, so
 * none are refused, and of alternatives more than one may then fit.
 */
function publishedPayload(schema: unknown): JsonSchema {
  return publish(schema) as JsonSchema;
}

function publish(schema: unknown): unknown {
  if (!isSchema(schema)) return schema;
  const { oneOf, additionalProperties, ...rest } = schema;
  const open = additionalProperties === false || additionalProperties === undefined;
  // Two lists of alternatives stand for two conditions; seen nowhere, and kept as it is.
  const alternatives = oneOf === undefined ? {} : 'anyOf' in rest ? { oneOf } : { anyOf: oneOf };
  const kept = { ...rest, ...alternatives, ...(open ? {} : { additionalProperties }) };
  const published = mapSubschemas(kept, publish);
  return published['$ref'] === '#' ? { ...published, $ref: '#/properties/payload' } : published;
}

function exampleEvent({ type, version }: PublishedEvent, payload: unknown): object {
  return {
    event_id: '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a11',
    event_type: type,
    schema_version: version,
    sequence_number: 1042,
    producer_id: 'northlight-cms',
    occurred_at: '2026-01-17T14:32:00.000Z',
    produced_at: '2026-01-17T14:32:00.041Z',
    actor: { type: 'admin', user_id: '7', display_name: 'Angela Jain', role: 'Editor' },
    subject: {
      type: 'api::example.example',
      id: 'a1b2c3d4e5f6g7h8i9j0k1l2',
      locale: null,
      change_token: '5d41402abc4b2a76b9719d911017c592',
    },
    changed: [],
    payload,
  };
}
