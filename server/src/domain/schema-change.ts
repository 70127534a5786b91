/**
 * What a change of a payload's schema means to who reads by the old one.
 *
 * The question is always whether each payload that the new schema allows is one that a reader of the old schema can read:
 * what is narrower can be, what is wider cannot. Properties that are added are ignored by who does not know them.
 * What these rules do not understand counts as breaking: a version too many costs less than a reader that fails.
 */
import type { JsonSchema } from './definition';
import { contractOf, isSchema } from './schema-contract';
import { SchemaComparison } from './schema-comparison';
import { isBreaking } from './schema-keywords';
import type { SchemaChange } from './schema-keywords';

export type { SchemaChange };

/** `none`: the same contract. */
export type ChangeClass = 'none' | 'compatible' | 'breaking';

/** How a schema differs from the one before. */
export interface SchemaDifference {
  kind: ChangeClass;
  changes: SchemaChange[];
}

/** More are not told one by one. */
const MAX_CHANGES = 100;

/**
 * Compares two payload schemas as an existing reader of the old one sees it; breaking changes first. Schemas that allow the
 * same are the same contract, however they are written.
 */
export function compareSchemas(before: JsonSchema, after: JsonSchema): SchemaDifference {
  const [old, fresh] = [contractOf(before), contractOf(after)];
  if (JSON.stringify(old) === JSON.stringify(fresh)) return { kind: 'none', changes: [] };
  const changes = unique(differences(old, fresh));
  if (changes.some(isBreaking)) return { kind: 'breaking', changes };
  return differences(fresh, old).some(isBreaking)
    ? { kind: 'compatible', changes: changes.length > 0 ? changes : [NARROWER] }
    : { kind: 'none', changes: [] };
}

const NARROWER: SchemaChange = {
  path: 'payload',
  text: 'allows less than before',
  breaking: false,
};

function differences(old: unknown, fresh: unknown): SchemaChange[] {
  return isSchema(old) && isSchema(fresh) ? new SchemaComparison(old, fresh).changes() : [];
}

/** A change as a line of a changelog: `rights.end_date: may now be null (breaking)`. */
export function changeText({ path, text, breaking }: SchemaChange): string {
  return `${path}: ${text}${breaking ? ' (breaking)' : ''}`;
}

function unique(changes: SchemaChange[]): SchemaChange[] {
  const byText = new Map(changes.map((change) => [changeText(change), change]));
  const list = [...byText.values()].sort((a, b) => Number(b.breaking) - Number(a.breaking));
  if (list.length <= MAX_CHANGES) return list;
  const rest = list.slice(MAX_CHANGES);
  const text = `${rest.length} further changes`;
  return [
    ...list.slice(0, MAX_CHANGES),
    { path: 'payload', text, breaking: rest.some(({ breaking }) => breaking) },
  ];
}
