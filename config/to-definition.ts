import { z } from 'zod';
import type { EventDefinition, EventSource, JsonSchema } from '../server/src/domain/definition';
import type { EventInput, SourceInput } from './event-input';
import { hasPath, isList } from './payload-paths';

/**
 * Fills in what a definition has left out, and checks what concerns its payload.
 *
 * @throws Error naming the definition and the field that is wrong.
 */
export function toDefinition<Payload extends z.ZodType>(
  input: EventInput<Payload>,
): EventDefinition {
  const named = (field: string, problem: string) =>
    new Error(`Event definition "${input.type}": ${field}: ${problem}`);
  const { items, sla, scope, moments, parts } = input;
  const schema = jsonSchemaOf(input.payload, (problem) => named('payload', problem));
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
      schema: jsonSchemaOf(previous.payload, (problem) =>
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
function jsonSchemaOf(payload: z.ZodType, failed: (problem: string) => Error): JsonSchema {
  try {
    const { $schema: _, ...schema } = z.toJSONSchema(payload, { target: 'draft-2020-12' });
    return schema;
  } catch (error) {
    throw failed(
      `cannot be written as JSON Schema (${error instanceof Error ? error.message : String(error)}); use types that JSON has`,
    );
  }
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
