import type { EventDefinition } from '../domain/definition';
import { contractDigest } from '../domain/schema-contract';
import { judgeSchema, knownVersion } from '../domain/schema-registry';
import type { GivenSchema, SchemaHead } from '../domain/schema-registry';
import type { Database } from '../store/database';
import { insertSchema, listSchemas, readSchemas } from '../store/recorded-schemas';
import type { Clock } from './ports';

/** Other processes can be first so often; each time one of them has got on. */
const MAX_ROUNDS = 20;

export interface RecordPorts {
  db: Database;
  clock: Pick<Clock, 'now'>;
}

/**
 * Records the schemas of all definitions, before any event is made under them, and counts the versions of those that are
 * counted. Processes that start together come to the same versions: a row that another has inserted is read and judged
 * again.
 *
 * @returns the version of each event type.
 * @throws Error naming each definition whose schema may not go under its version, what differs, and what would be right.
 */
export async function recordSchemas(
  { db, clock }: RecordPorts,
  definitions: readonly EventDefinition[],
): Promise<Map<string, string>> {
  const heads = groupByType(await listSchemas(db));
  const versions = new Map<string, string>();
  const refusals: string[] = [];
  for (const definition of definitions) {
    for (const given of schemasOf(definition)) {
      const known = knownVersion(given, contractDigest(given.schema), heads.get(given.type) ?? []);
      const found = known ?? (await record({ db, clock }, given));
      if (typeof found === 'object') refusals.push(found.refused);
      else versions.set(given.type, found);
    }
  }
  if (refusals.length > 0) {
    throw new Error(
      `Newswire does not start, because readers of its events could not rely on their schemas:\n${refusals.join('\n')}\n  A schema under which nobody has received anything, as in development, can be forgotten instead: delete its row in newswire_schemas.`,
    );
  }
  return versions;
}

/** A definition's schemas, the oldest first, its own last. */
function schemasOf(definition: EventDefinition): GivenSchema[] {
  const { type, version, schema, automaticVersion } = definition;
  const older = [...definition.previousVersions].reverse().map((previous) => ({
    type,
    version: previous.version,
    schema: previous.schema,
    automatic: false,
  }));
  return [...older, { type, version, schema, automatic: automaticVersion }];
}

async function record(
  { db, clock }: RecordPorts,
  given: GivenSchema,
): Promise<string | { refused: string }> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const judgement = judgeSchema(given, await readSchemas(db, given.type));
    if (judgement.kind === 'known') return judgement.version;
    if (judgement.kind === 'refused') return { refused: judgement.reason };
    await insertSchema(db, {
      eventType: given.type,
      version: judgement.version,
      digest: contractDigest(given.schema),
      schema: given.schema,
      changes: judgement.changes,
      recordedAt: clock.now(),
    });
  }
  throw new Error(
    `The schema of ${given.type} could not be recorded: other processes were first ${MAX_ROUNDS} times; start again`,
  );
}

function groupByType(rows: (SchemaHead & { eventType: string })[]): Map<string, SchemaHead[]> {
  const groups = new Map<string, SchemaHead[]>();
  for (const row of rows) {
    groups.set(row.eventType, [...(groups.get(row.eventType) ?? []), row]);
  }
  return groups;
}
