import type { JsonSchema } from './definition';
import { compareLimits } from './schema-limits';
import { canonicalText, isSchema } from './schema-contract';
import {
  branchesOf,
  constantsOf,
  describe,
  finiteValues,
  labelOf,
  resolveReference,
  typesOf,
} from './schema-words';

/** One difference between two schemas. */
export interface SchemaChange {
  /** Into the payload: `titles[].contact`, `scores.*`; `payload` for the whole. */
  path: string;
  /** What happened there, to be read after the path. */
  text: string;
  /** True where a reader of the old schema may fail. */
  breaking: boolean;
}

type Schema = JsonSchema | boolean;

const MAX_DEPTH = 100;

/** Keywords that allow less, whatever they say, where they were not there before. */
const NARROWING = new Set(['not', 'contains', 'dependentRequired', 'propertyNames']);

/** Keywords that the comparison understands, or that a branch of it has dealt with. */
const UNDERSTOOD = new Set([
  ...['$defs', 'definitions', '$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames'],
  ...['items', 'prefixItems', 'not', 'multipleOf', 'pattern', 'format', 'uniqueItems'],
  ...['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'minProperties', 'maxProperties'],
]);

/** One comparison of two contracts (see schema-contract.ts). Pairs of schemas are compared once each. */
export class SchemaComparison {
  readonly #old: JsonSchema;
  readonly #fresh: JsonSchema;
  readonly #known = new Map<unknown, Map<unknown, SchemaChange[]>>();

  constructor(old: JsonSchema, fresh: JsonSchema) {
    this.#old = old;
    this.#fresh = fresh;
  }

  changes(): SchemaChange[] {
    return this.#compare(this.#old, this.#fresh, '', 0);
  }

  #compare(oldGiven: unknown, freshGiven: unknown, path: string, depth: number): SchemaChange[] {
    const old = resolveReference(this.#old, oldGiven);
    const fresh = resolveReference(this.#fresh, freshGiven);
    if (old === null || fresh === null) {
      return [breaking(path, 'refers to a schema that is not there')];
    }
    if (depth > MAX_DEPTH) return [breaking(path, 'is nested too deeply to be compared')];
    if (fresh === false || isNever(fresh)) return [];
    const known = this.#known.get(old)?.get(fresh);
    if (known) return known;
    // While a pair is being compared it counts as the same: a schema that refers to itself ends here.
    this.#keep(old, fresh, []);
    const found = this.#compareAll(old, fresh, path, depth + 1);
    this.#keep(old, fresh, found);
    return found;
  }

  #keep(old: unknown, fresh: unknown, changes: SchemaChange[]): void {
    const inner = this.#known.get(old) ?? new Map<unknown, SchemaChange[]>();
    inner.set(fresh, changes);
    this.#known.set(old, inner);
  }

  #compareAll(old: Schema, fresh: Schema, path: string, depth: number): SchemaChange[] {
    const oldBranches = branchesOf(old);
    const freshBranches = branchesOf(fresh);
    if (oldBranches === null || freshBranches === null) {
      return canonicalText(old) === canonicalText(fresh)
        ? []
        : [breaking(path, 'changed in a way that the rules do not understand')];
    }
    if (oldBranches.length > 1 || freshBranches.length > 1) {
      return this.#compareBranches(oldBranches, freshBranches, path, depth);
    }
    return this.#compareOne(asSchema(old), asSchema(fresh), path, depth);
  }

  /** Each branch of the new schema must be readable by way of some branch of the old one. */
  #compareBranches(
    oldBranches: JsonSchema[],
    freshBranches: JsonSchema[],
    path: string,
    depth: number,
  ): SchemaChange[] {
    const used = new Set<JsonSchema>();
    const changes = freshBranches.flatMap((fresh) => {
      const tried = oldBranches.map((old) => {
        const at = path + labelOf(resolvedOf(this.#fresh, fresh));
        const found = this.#branchDiffers(old, fresh) ? null : this.#compare(old, fresh, at, depth);
        return { old, found };
      });
      const [best] = tried
        .flatMap(({ old, found }) => (found === null ? [] : [{ old, found }]))
        .sort((a, b) => badness(a.found) - badness(b.found));
      if (best) {
        used.add(best.old);
        return best.found;
      }
      return [breaking(path, `may now be ${describe(resolvedOf(this.#fresh, fresh))}`)];
    });
    const gone = oldBranches
      .filter((old) => !used.has(old))
      .map((old) => compatible(path, `is no longer ${describe(resolvedOf(this.#old, old))}`));
    return [...changes, ...gone];
  }

  /** True where two branches can be told apart at once, by type or by a property with one constant value. */
  #branchDiffers(oldGiven: JsonSchema, freshGiven: JsonSchema): boolean {
    const [old, fresh] = [resolvedOf(this.#old, oldGiven), resolvedOf(this.#fresh, freshGiven)];
    const [oldTypes, freshTypes] = [typesOf(old), typesOf(fresh)];
    if (oldTypes && freshTypes && freshTypes.every((type) => !coversType(oldTypes, type))) {
      return true;
    }
    const [oldConstants, freshConstants] = [constantsOf(old), constantsOf(fresh)];
    return [...freshConstants].some(
      ([name, value]) => oldConstants.has(name) && oldConstants.get(name) !== value,
    );
  }

  #compareOne(old: JsonSchema, fresh: JsonSchema, path: string, depth: number): SchemaChange[] {
    const type = compareTypes(old, fresh, path);
    if (type.some(isBreaking)) return type;
    const [oldValues, freshValues] = [finiteValues(old), finiteValues(fresh)];
    if (oldValues && freshValues) return compareValues(oldValues, freshValues, path);
    const values = oldValues
      ? [breaking(path, `may now be other than ${oldValues.join(', ')}`)]
      : freshValues
        ? [compatible(path, `is now one of ${freshValues.join(', ')}`)]
        : [];
    return [
      ...type,
      ...values,
      ...compareLimits(old, fresh, freshValues).map((change) => ({
        ...change,
        path: nameOf(path),
      })),
      ...this.#compareObjects(old, fresh, path, depth),
      ...this.#compareLists(old, fresh, path, depth),
      ...this.#compareAllOf(old, fresh, path, depth),
      ...compareOthers(old, fresh, path),
    ];
  }

  #compareObjects(old: JsonSchema, fresh: JsonSchema, path: string, depth: number): SchemaChange[] {
    if (!mayBe(fresh, 'object')) return [];
    const [oldNames, freshNames] = [propertiesOf(old), propertiesOf(fresh)];
    const [oldRequired, freshRequired] = [requiredOf(old), requiredOf(fresh)];
    const [oldRest, freshRest] = [old['additionalProperties'], fresh['additionalProperties']];
    const changes: SchemaChange[] = [];
    for (const [name, schema] of oldNames) {
      const at = path === '' ? name : `${path}.${name}`;
      const now = freshNames.get(name);
      changes.push(
        ...(now === undefined
          ? [breaking(at, 'was removed')]
          : this.#compare(schema, now, at, depth)),
      );
    }
    for (const [name, schema] of freshNames) {
      if (oldNames.has(name)) continue;
      const at = path === '' ? name : `${path}.${name}`;
      changes.push(compatible(at, 'was added'));
      if (isSchema(oldRest)) changes.push(...this.#compare(oldRest, schema, at, depth));
    }
    for (const name of new Set([...oldRequired, ...freshRequired])) {
      const at = path === '' ? name : `${path}.${name}`;
      if (oldRequired.has(name) === freshRequired.has(name)) continue;
      if (oldRequired.has(name)) {
        if (freshNames.has(name) || !oldNames.has(name)) {
          changes.push(breaking(at, 'may now be left out'));
        }
      } else if (oldNames.has(name) || !freshNames.has(name)) {
        changes.push(compatible(at, 'is now always there'));
      }
    }
    return [...changes, ...this.#compareRest({ old, fresh, oldRest, freshRest }, path, depth)];
  }

  /** What stands under names that are not listed. */
  #compareRest(
    input: { old: JsonSchema; fresh: JsonSchema; oldRest: unknown; freshRest: unknown },
    path: string,
    depth: number,
  ): SchemaChange[] {
    const { old, fresh, oldRest, freshRest } = input;
    const at = path === '' ? '*' : `${path}.*`;
    const changes: SchemaChange[] = [];
    if (isSchema(oldRest) && isSchema(freshRest)) {
      changes.push(...this.#compare(oldRest, freshRest, at, depth));
    } else if (isSchema(oldRest)) {
      changes.push(breaking(at, 'may now be anything'));
    } else if (isSchema(freshRest)) {
      changes.push(compatible(at, `is now ${describe(resolvedOf(this.#fresh, freshRest))}`));
    }
    const [oldKeys, freshKeys] = [old['propertyNames'], fresh['propertyNames']];
    if (oldKeys !== undefined) {
      const keys = `${at} (its name)`;
      changes.push(
        ...(freshKeys === undefined
          ? [breaking(keys, 'may now be any text')]
          : this.#compare(oldKeys, freshKeys, keys, depth)),
      );
    }
    return changes;
  }

  #compareLists(old: JsonSchema, fresh: JsonSchema, path: string, depth: number): SchemaChange[] {
    if (!mayBe(fresh, 'array')) return [];
    const [oldFirst, freshFirst] = [listOf(old['prefixItems']), listOf(fresh['prefixItems'])];
    const [oldItems, freshItems] = [old['items'] ?? true, fresh['items'] ?? true];
    const places = Math.max(oldFirst.length, freshFirst.length);
    const first = Array.from({ length: places }, (_, index) =>
      this.#compare(
        oldFirst[index] ?? oldItems,
        freshFirst[index] ?? freshItems,
        `${path}[${index}]`,
        depth,
      ),
    );
    return [...first.flat(), ...this.#compare(oldItems, freshItems, `${path}[]`, depth)];
  }

  #compareAllOf(old: JsonSchema, fresh: JsonSchema, path: string, depth: number): SchemaChange[] {
    const [oldParts, freshParts] = [listOf(old['allOf']), listOf(fresh['allOf'])];
    if (oldParts.length === 0) return [];
    if (freshParts.length === 0) {
      return oldParts.flatMap((part) => this.#compare(part, fresh, path, depth));
    }
    return oldParts.length === freshParts.length
      ? oldParts.flatMap((part, index) => this.#compare(part, freshParts[index], path, depth))
      : [breaking(path, 'is put together of other schemas, which the rules do not understand')];
  }
}

function resolvedOf(root: JsonSchema, schema: unknown): JsonSchema {
  return asSchema(resolveReference(root, schema) ?? true);
}

/** `true` and what is no schema say nothing; `false` allows nothing. */
function asSchema(schema: Schema): JsonSchema {
  return isSchema(schema) ? schema : schema === false ? { not: {} } : {};
}

/** `{ not: {} }`, as which schemas write that there is nothing. */
function isNever(schema: Schema): boolean {
  return isSchema(schema) && isSchema(schema['not']) && Object.keys(schema['not']).length === 0;
}

function compareTypes(old: JsonSchema, fresh: JsonSchema, path: string): SchemaChange[] {
  const [oldTypes, freshTypes] = [typesOf(old), typesOf(fresh)];
  if (oldTypes === null) {
    return freshTypes === null || finiteValues(fresh)
      ? []
      : [compatible(path, `is now ${describe(fresh)}`)];
  }
  if (freshTypes === null) return [breaking(path, `was ${describe(old)}, and may now be anything`)];
  if (freshTypes.some((type) => !coversType(oldTypes, type))) {
    return [breaking(path, `was ${describe(old)}, and is now ${describe(fresh)}`)];
  }
  return oldTypes.includes('number') && freshTypes.includes('integer')
    ? [compatible(path, 'is now a whole number')]
    : [];
}

function coversType(types: readonly string[], type: string): boolean {
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}

function compareValues(old: string[], fresh: string[], path: string): SchemaChange[] {
  const more = fresh.filter((value) => !old.includes(value));
  const fewer = old.filter((value) => !fresh.includes(value));
  return [
    ...(more.length > 0 ? [breaking(path, `may now also be ${more.join(', ')}`)] : []),
    ...(fewer.length > 0 ? [compatible(path, `is no longer ${fewer.join(', ')}`)] : []),
  ];
}

function compareOthers(old: JsonSchema, fresh: JsonSchema, path: string): SchemaChange[] {
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
    .filter((keyword) => !UNDERSTOOD.has(keyword))
    .filter((keyword) => canonicalText(old[keyword]) !== canonicalText(fresh[keyword]))
    .map((keyword) =>
      old[keyword] === undefined && NARROWING.has(keyword)
        ? compatible(path, `has "${keyword}" now`)
        : breaking(path, `"${keyword}" changed, which the rules do not understand`),
    );
}

function mayBe(schema: JsonSchema, type: string): boolean {
  const types = typesOf(schema);
  return types === null || types.includes(type);
}

function propertiesOf(schema: JsonSchema): Map<string, unknown> {
  const properties = schema['properties'];
  return new Map(isSchema(properties) ? Object.entries(properties) : []);
}

function requiredOf(schema: JsonSchema): Set<string> {
  return new Set(listOf(schema['required']).map(String));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function nameOf(path: string): string {
  return path === '' ? 'payload' : path;
}

function breaking(path: string, text: string): SchemaChange {
  return { path: nameOf(path), text, breaking: true };
}

function compatible(path: string, text: string): SchemaChange {
  return { path: nameOf(path), text, breaking: false };
}

function isBreaking(change: SchemaChange): boolean {
  return change.breaking;
}

/** How far apart two branches are: breaking changes first. */
function badness(changes: SchemaChange[]): number {
  return changes.filter(isBreaking).length * 1_000 + changes.length;
}
