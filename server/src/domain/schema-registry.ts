/**
 * Under which version a payload schema may go, by the catalogue's memory of all schemas that events were made under.
 *
 * A version names one schema for ever. Within a major version each newer schema can be read by who knows an older one; a
 * schema that differs has another minor version at least, so that readers can tell.
 */
import type { JsonSchema } from './definition';
import { changeText, compareSchemas } from './schema-change';
import type { SchemaChange } from './schema-change';
import { contractDigest } from './schema-contract';
import { majorOf } from './schema-major';
import { compareVersions, nextMajor, nextMinor, sameMinor } from './semantic-version';

/** A schema that a definition has now. */
export interface GivenSchema {
  type: string;
  version: string;
  schema: JsonSchema;
  /** True where the version may be raised to what the changes ask for. */
  automatic: boolean;
}

/** What is remembered of a schema. */
export interface SchemaHead {
  version: string;
  digest: string;
}

export interface RememberedSchema extends SchemaHead {
  schema: JsonSchema;
}

export type Judgement =
  /** Remembered already, under this version. */
  | { kind: 'known'; version: string }
  /** New: to be remembered under this version. */
  | { kind: 'new'; version: string; changes: string[] }
  | { kind: 'refused'; reason: string };

const FIRST = ['The first version.'];
const SAME = ['The schema is the one before.'];

/** The version under which this very schema is remembered; null where it is not, or not under the one that it has to have. */
export function knownVersion(
  { version, automatic }: Pick<GivenSchema, 'version' | 'automatic'>,
  digest: string,
  remembered: readonly SchemaHead[],
): string | null {
  const versions = remembered
    .filter((head) => head.digest === digest)
    .map((head) => head.version)
    .filter((known) => (automatic ? compareVersions(known, version) >= 0 : known === version));
  return versions.sort(compareVersions).at(-1) ?? null;
}

/** Says under which version a schema goes, or why it may not go under the one that it has. */
export function judgeSchema(
  given: GivenSchema,
  remembered: readonly RememberedSchema[],
): Judgement {
  const known = knownVersion(given, contractDigest(given.schema), remembered);
  if (known !== null) return { kind: 'known', version: known };
  const sorted = [...remembered].sort((a, b) => compareVersions(a.version, b.version));
  return given.automatic ? raise(given, sorted) : judgeFixed(given, sorted);
}

/** The next version after all that are remembered. */
function raise(given: GivenSchema, sorted: RememberedSchema[]): Judgement {
  const newest = sorted.at(-1);
  if (!newest) return { kind: 'new', version: given.version, changes: FIRST };
  const { kind, changes } = compareSchemas(newest.schema, given.schema);
  const enough = compareVersions(newest.version, given.version) >= 0;
  if (kind === 'none' && enough) return { kind: 'known', version: newest.version };
  const counted = kind === 'breaking' ? nextMajor(newest.version) : nextMinor(newest.version);
  const version = compareVersions(given.version, counted) > 0 ? given.version : counted;
  return { kind: 'new', version, changes: kind === 'none' ? SAME : changes.map(changeText) };
}

function judgeFixed(given: GivenSchema, sorted: RememberedSchema[]): Judgement {
  const { version } = given;
  const same = sorted.find((one) => one.version === version);
  if (same) {
    const { kind, changes } = compareSchemas(same.schema, given.schema);
    if (kind === 'none') return { kind: 'known', version };
    const known = newestOfMajor(version, sorted);
    const right = kind === 'breaking' ? nextMajor(newestOf(sorted)) : nextMinor(known);
    return refused(given, {
      since: version,
      changes,
      why: `differs from the one that is recorded as ${version}, and version is still "${version}"`,
      right: `raise version to "${right}"`,
    });
  }
  const older = sorted.filter((one) => compareVersions(one.version, version) < 0).at(-1);
  const newer = sorted.find((one) => compareVersions(one.version, version) > 0);
  return (
    (older && judgeStep(given, older, sorted)) ??
    (newer && judgeBefore(given, newer, sorted)) ?? {
      kind: 'new',
      version,
      changes: older ? changesSince(older, given) : FIRST,
    }
  );
}

/** The step from the next older version: it must be as large as the change. */
function judgeStep(
  given: GivenSchema,
  older: RememberedSchema,
  sorted: RememberedSchema[],
): Judgement | null {
  if (majorOf(older.version) !== majorOf(given.version)) return null;
  const { kind, changes } = compareSchemas(older.schema, given.schema);
  if (kind === 'none') return null;
  if (kind === 'compatible' && !sameMinor(older.version, given.version)) return null;
  const right = kind === 'breaking' ? nextMajor(newestOf(sorted)) : nextMinor(older.version);
  return refused(given, {
    since: older.version,
    changes,
    why: `differs from the one that is recorded as ${older.version} by more than version "${given.version}" says`,
    right: `raise version to "${right}"`,
  });
}

/** A version between recorded ones: who knows it must be able to read what is newer. */
function judgeBefore(
  given: GivenSchema,
  newer: RememberedSchema,
  sorted: RememberedSchema[],
): Judgement | null {
  if (majorOf(newer.version) !== majorOf(given.version)) return null;
  const { kind, changes } = compareSchemas(given.schema, newer.schema);
  if (kind === 'none') return null;
  if (kind === 'compatible' && !sameMinor(newer.version, given.version)) return null;
  return refused(given, {
    since: given.version,
    changes,
    why: `is not the one from which ${newer.version} was made, which is recorded already`,
    right: `raise version to "${nextMajor(newestOf(sorted))}", or take the schema that ${newer.version} has`,
  });
}

function changesSince(older: RememberedSchema, given: GivenSchema): string[] {
  const { kind, changes } = compareSchemas(older.schema, given.schema);
  return kind === 'none' ? SAME : changes.map(changeText);
}

function newestOf(sorted: SchemaHead[]): string {
  return sorted.at(-1)?.version ?? '0.0.0';
}

function newestOfMajor(version: string, sorted: SchemaHead[]): string {
  const major = majorOf(version);
  return newestOf(sorted.filter((one) => majorOf(one.version) === major));
}

function refused(
  { type }: GivenSchema,
  input: { since: string; changes: SchemaChange[]; why: string; right: string },
): Judgement {
  const { since, changes, why, right } = input;
  const lines = changes.map((change) => `      - ${changeText(change)}`);
  const breaking = changes.some((change) => change.breaking);
  return {
    kind: 'refused',
    reason: [
      `  Event definition "${type}": the payload's schema ${why}:`,
      ...lines,
      breaking
        ? `    Who reads ${since} could not read this: ${right}, and keep the older schema in previousVersions for who is pinned to it.`
        : `    Who reads ${since} can read this, and has to be told: ${right}.`,
    ].join('\n'),
  };
}
