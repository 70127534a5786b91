import { z } from 'zod';
import type { EventDefinition, EventSource, JsonSchema } from '../server/src/domain/definition';
import type { MakeItem } from '../server/src/domain/feed-item/item';
import type { EventInput, SourceInput } from './event-input';
import { hasPath, isList } from './payload-paths';

/** How a payload's schema is written as JSON Schema. */
type WriteSchema = Pick<z.core.ToJSONSchemaParams, 'metadata' | 'override'>;

/**
 * Fills in what a definition has left out, and checks what concerns its payload.
 *
 * @throws Error naming the definition and the field that is wrong.
 */
export function toDefinition<Payload extends z.ZodType>(
  input: EventInput<Payload>,
  write: WriteSchema = {},
): EventDefinition {
  const named = (field: string, problem: string) =>
    new Error(`Event definition "${input.type}": ${field}: ${problem}`);
  const { items, sla, scope, moments, parts, feedItem } = input;
  const schema = jsonSchemaOf(input.payload, write, (problem) => named('payload', problem));
  for (const [index, path] of (input.personal ?? []).entries()) {
    if (!hasPath(schema, path)) {
      throw named(`personal.${index}`, `the payload has nothing at "${String(path)}"`);
    }
  }
  for (const [index, { code, paths = [] }] of (input.rules ?? []).entries()) {
    const wrong = paths.find((path) => !hasPath(schema, path));
    if (wrong !== undefined) {
      throw named(`rules.${index}`, `${code}: the payload has nothing at "${wrong}"`);
    }
  }
  if (items && !isList(schema, items.list)) {
    throw named('items.list', `the payload has no list "${String(items.list)}"`);
  }
  checkPrevious(input, named);
  const definition: EventDefinition = {
    type: input.type,
    version: input.version,
    automaticVersion: false,
    summary: input.summary,
    audience: input.audience ?? 'internal',
    approval: input.approval ?? false,
    priority: input.priority ?? 'normal',
    sources: sourcesOf(input.source),
    payload: input.payload,
    schema,
    examples: input.examples ?? [],
    rules: input.rules ?? [],
    personal: input.personal ?? [],
    changelog: input.changelog ?? [],
    previousVersions: (input.previousVersions ?? []).map((previous, index) => ({
      ...previous,
      schema: jsonSchemaOf(previous.payload, {}, (problem) =>
        named(`previousVersions.${index}.payload`, problem),
      ),
    })),
    when: input.when,
    build: input.build,
    ...(items ? { items: items } : {}),
    ...(sla ? { sla } : {}),
    ...(scope ? { scope } : {}),
    ...(moments ? { moments } : {}),
    ...(parts ? { parts } : {}),
    ...(feedItem ? { feedItem: feedItem as MakeItem } : {}),
  };
  checkExamples(definition, named);
  return definition;
}

function sourcesOf(source: SourceInput | readonly SourceInput[]): EventSource[] {
  const list = Array.isArray(source) ? (source as readonly SourceInput[]) : [source as SourceInput];
  return list.map(({ uid, counts = 'published', actions, populate }) => ({
    uid,
    counts,
    ...(actions ? { actions } : {}),
    ...(populate ? { populate } : {}),
  }));
}

/** What a payload looks like once it is written, in JSON Schema 2020-12. */
function jsonSchemaOf(
  payload: z.ZodType,
  write: WriteSchema,
  failed: (problem: string) => Error,
): JsonSchema {
  try {
    const { $schema: _, ...schema } = z.toJSONSchema(payload, {
      ...write,
      target: 'draft-2020-12',
      override: (context) => {
        dropWhatZodAdds(context.jsonSchema);
        write.override?.(context);
      },
    });
    return schema;
  } catch (error) {
    throw failed(
      `cannot be written as JSON Schema (${error instanceof Error ? error.message : String(error)}); use types that JSON has`,
    );
  }
}

/** Each is of an older major version than the one before it, so that there is one way down to each. */
function checkPrevious(
  { version, previousVersions = [] }: Pick<EventInput<z.ZodType>, 'version' | 'previousVersions'>,
  named: (field: string, problem: string) => Error,
): void {
  const majors = [version, ...previousVersions.map((previous) => previous.version)].map((one) =>
    Number(one.split('.')[0]),
  );
  for (const [index, major] of majors.slice(1).entries()) {
    const newer = majors[index] ?? 0;
    if (major >= newer) {
      throw named(
        `previousVersions.${index}.version`,
        `must be of an older major version than ${newer}; they stand newest first, one for each major version`,
      );
    }
  }
}

/** Formats that JSON Schema has itself; zod adds the regular expression by which it checks them. */
const FORMATS = new Set(['date-time', 'date', 'time', 'duration', 'email', 'uuid', 'ipv4', 'ipv6']);

/**
 * What zod says about a value beyond what the definition does: readers have no use for it, and it would change the schema
 * with zod's version.
 */
function dropWhatZodAdds(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format !== undefined && FORMATS.has(schema.format)) delete schema.pattern;
  if (schema.type !== 'integer') return;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/** Examples fit the schema, and so does what older versions make of them. */
function checkExamples(
  definition: EventDefinition,
  named: (field: string, problem: string) => Error,
): void {
  for (const [index, example] of definition.examples.entries()) {
    const parsed = definition.payload.safeParse(example);
    if (!parsed.success) {
      throw named(`examples.${index}`, issuesOf(parsed.error.issues));
    }
    let payload = parsed.data;
    for (const [place, previous] of definition.previousVersions.entries()) {
      const older = previous.payload.safeParse(previous.down(payload));
      if (!older.success) {
        throw named(
          `previousVersions.${place}.down`,
          `of examples.${index} it makes what breaks the schema of ${previous.version}: ${issuesOf(older.error.issues)}`,
        );
      }
      payload = older.data;
    }
  }
}

function issuesOf(issues: { path: PropertyKey[]; message: string }[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
}
