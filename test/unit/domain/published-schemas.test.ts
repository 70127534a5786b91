import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../../config';
import { INBOUND_TYPES, inboundDefinitions } from '../../../config/presets/inbound';
import { asyncApiDocument } from '../../../server/src/domain/asyncapi';
import { withCallbacks } from '../../../server/src/domain/asyncapi-callbacks';
import type { EventDefinition } from '../../../server/src/domain/definition';
import { eventSchema } from '../../../server/src/domain/event-schema';
import { demoCatalogue } from '../../support/demo-catalogue';

const ROUTES = 'https://cms.example.com/api/newswire';

const addressOf = ({ type, version }: EventDefinition) => `${ROUTES}/schemas/${type}/${version}`;
const publish = (definition: EventDefinition) => eventSchema(definition, addressOf(definition));

function compile(schema: object) {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    strictTuples: false,
    allowUnionTypes: true,
  });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (value: unknown) => (validate(value) ? [] : ajv.errorsText(validate.errors).split(', '));
}

/** Everything that a payload's schema can have that has to be moved or written otherwise. */
const node: z.ZodType = z.strictObject({
  name: z.string(),
  get children() {
    return z.array(node);
  },
});
const odd = defineEvent({
  type: 'odd.event',
  version: '2.3.0',
  summary: 'Whatever schemas can do.',
  source: { uid: 'api::show.show' },
  audience: 'public',
  payload: z.strictObject({
    tree: node,
    pair: z.tuple([z.string(), z.int()]),
    either: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), one: z.int().nullable() }),
      z.strictObject({ kind: z.literal('b'), two: z.iso.date() }),
    ]),
    both: z.intersection(z.strictObject({ x: z.int() }), z.strictObject({ y: z.int() })),
    scores: z.record(z.string(), z.number()),
    any: z.unknown(),
  }),
  examples: [
    {
      tree: { name: 'root', children: [{ name: 'leaf', children: [] }] },
      pair: ['a', 1],
      either: { kind: 'b', two: '2026-01-15' },
      both: { x: 1, y: 2 },
      scores: { a: 0.5 },
      any: null,
    },
  ],
  when: () => true,
  build: () => ({}) as never,
});

/** Refers to itself at its root. */
const rooted = defineEvent({
  type: 'odd.rooted',
  version: '1.0.0',
  summary: 'A tree.',
  source: { uid: 'api::show.show' },
  audience: 'partner',
  payload: node,
  examples: [{ name: 'root', children: [{ name: 'leaf', children: [] }] }],
  when: () => true,
  build: () => ({}),
});

describe('A published schema', async () => {
  const { definitions } = await demoCatalogue();

  it.each([...definitions, odd, rooted].map((one) => [one.type, one] as const))(
    'compiles, and takes its own examples: %s',
    (_, definition) => {
      const schema = publish(definition);
      const problems = compile(schema);
      for (const example of (schema['examples'] ?? []) as unknown[]) {
        expect(problems(example)).toEqual([]);
      }
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: addressOf(definition),
        title: definition.type,
        description: definition.summary,
      });
    },
  );

  it('refuses what is no such event', () => {
    const schema = publish(rooted);
    const [example] = schema['examples'] as [{ payload: object }];
    const problems = compile(schema);
    const broken: object[] = [
      { ...example, payload: { name: 'root', children: [{ name: 'leaf' }] } },
      { ...example, payload: undefined },
      { ...example, event_type: 'odd.event' },
      { ...example, schema_version: '2.0.0' },
      { ...example, sequence_number: 0 },
      { ...example, occurred_at: 'yesterday' },
      { ...example, actor: { type: 'nobody' } },
    ];
    for (const one of broken) expect(problems(one)).not.toEqual([]);
  });

  it('can be used by a reader after properties were added within the major version', () => {
    const [example] = publish(odd)['examples'] as [Record<string, unknown>];
    const payload = example['payload'] as Record<string, object>;
    const newer = {
      ...example,
      schema_version: '2.9.1',
      more: true,
      payload: {
        ...payload,
        added: 1,
        both: { ...payload['both'], added: 1 },
        either: { ...payload['either'], one: 1, added: 1 },
      },
    };
    expect(compile(publish(odd))(newer)).toEqual([]);
  });
});

describe('The AsyncAPI document', async () => {
  const catalogue = await demoCatalogue();
  const document = (events: readonly EventDefinition[]) =>
    asyncApiDocument({
      title: 'Events of test',
      version: '1.0.0',
      routes: ROUTES,
      events: events.map((event) => ({
        ...event,
        group: catalogue.groupOf(event.type),
        address: addressOf(event),
      })),
    });
  const errorsOf = async (value: object) => {
    const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(value));
    const errors = diagnostics.filter(
      ({ severity }) => Number(severity) === Number(DiagnosticSeverity.Error),
    );
    return { parsed, errors: errors.map(({ message, path }) => `${path.join('.')}: ${message}`) };
  };

  it('is accepted by the parser, with an operation and a message for each event', async () => {
    const events = [...catalogue.definitions, odd, rooted];
    const { parsed, errors } = await errorsOf(document(events));
    expect(errors).toEqual([]);
    expect(parsed?.operations().all()).toHaveLength(events.length);
    expect(
      parsed
        ?.messages()
        .all()
        .map((message) => message.id())
        .sort(),
    ).toEqual(events.map(({ type }) => type).sort());
    const [send] = parsed?.operations().filterBySend() ?? [];
    expect(send?.security().length).toBeGreaterThan(0);
  });

  it('is accepted with what partners tell, as operations that receive', async () => {
    const described = inboundDefinitions.map((event) => ({
      ...event,
      group: 'inbound',
      address: addressOf(event),
    }));
    const whole = withCallbacks(document([odd]), { routes: ROUTES, callbacks: described });
    const { parsed, errors } = await errorsOf(whole);
    expect(errors).toEqual([]);
    expect(
      parsed
        ?.operations()
        .filterByReceive()
        .map((one) => one.id())
        .sort(),
    ).toEqual(INBOUND_TYPES.map((type) => `receive.${type}`).sort());
    expect(parsed?.operations().filterBySend()).toHaveLength(1);
    const text = JSON.stringify(whole);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, at = '']) => at);
    for (const reference of references) {
      const found = reference
        .split('/')
        .reduce<unknown>(
          (value, name) => (value as Record<string, unknown> | undefined)?.[name],
          whole,
        );
      expect(found, reference).toBeDefined();
    }
  });

  it('is accepted when there is nothing to be told', async () => {
    expect((await errorsOf(document([]))).errors).toEqual([]);
  });

  it('leaves no reference that leads nowhere', () => {
    const text = JSON.stringify(document([odd, rooted]));
    const written = JSON.parse(text) as Record<string, unknown>;
    for (const [, reference = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = reference
        .split('/')
        .reduce<unknown>(
          (at, name) => (at as Record<string, unknown> | undefined)?.[name],
          written,
        );
      expect(found, reference).toBeDefined();
    }
    expect(text).not.toContain('$defs');
    expect(text).not.toContain('prefixItems');
  });
});
