import type { JsonSchema } from './definition';
import {
  breaking,
  compareOthers,
  compareTypes,
  compareValues,
  compatible,
  coversType,
  isBreaking,
  nameOf,
} from './schema-keywords';
import type { SchemaChange } from './schema-keywords';
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

type Schema = JsonSchema | boolean;

interface BranchMatch {
  old: JsonSchema;
  found: SchemaChange[];
}

const MAX_DEPTH = 100;

/** One comparison of two contracts (see schema-contract.ts). Pairs of schemas are compared once each. */
export class SchemaComparison {
  readonly #old: JsonSchema;
  readonly #fresh: JsonSchema;
  readonly #targets = new WeakMap<JsonSchema, JsonSchema>();
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

  /** What a schema refers to; asked for each pair of branches. */
  #resolved(root: JsonSchema, schema: JsonSchema): JsonSchema {
    const known = this.#targets.get(schema);
    if (known) return known;
    const target = asSchema(resolveReference(root, schema) ?? true);
    this.#targets.set(schema, target);
    return target;
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
    const matches = freshBranches.map((fresh) => ({
      fresh,
      best: this.#closest(fresh, oldBranches, path, depth),
    }));
    const changes = matches.flatMap(({ fresh, best }) => {
      const what = describe(this.#resolved(this.#fresh, fresh));
      if (!best) return [breaking(path, `may now be ${what}`)];
      // What was allowed in general before, and still is, is now told for one case.
      const told = matches.some((other) => other.best?.old === best.old && isSame(other.best));
      return told && !isSame(best) && !best.found.some(isBreaking)
        ? [compatible(path, `now describes ${what}`)]
        : best.found;
    });
    const used = new Set(matches.map(({ best }) => best?.old));
    const gone = oldBranches
      .filter((old) => !used.has(old))
      .map((old) => compatible(path, `is no longer ${describe(this.#resolved(this.#old, old))}`));
    return [...changes, ...gone];
  }

  /** The old branch that a new one differs least from; null where each can be told from it at once. */
  #closest(
    fresh: JsonSchema,
    oldBranches: JsonSchema[],
    path: string,
    depth: number,
  ): BranchMatch | null {
    const label = labelOf(this.#resolved(this.#fresh, fresh));
    const at = path === '' || label === '' ? path + label : `${path} ${label}`;
    const [best] = oldBranches
      .filter((old) => !this.#branchDiffers(old, fresh))
      .map((old) => ({ old, found: this.#compare(old, fresh, at, depth) }))
      .sort((a, b) => badness(a.found) - badness(b.found));
    return best ?? null;
  }

  /** True where two branches can be told apart at once, by type or by a property with one constant value. */
  #branchDiffers(oldGiven: JsonSchema, freshGiven: JsonSchema): boolean {
    const [old, fresh] = [
      this.#resolved(this.#old, oldGiven),
      this.#resolved(this.#fresh, freshGiven),
    ];
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
      changes.push(compatible(at, `is now ${describe(this.#resolved(this.#fresh, freshRest))}`));
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

/** `true` and what is no schema say nothing; `false` allows nothing. */
function asSchema(schema: Schema): JsonSchema {
  return isSchema(schema) ? schema : schema === false ? { not: {} } : {};
}

/** `{ not: {} }`, as which schemas write that there is nothing. */
function isNever(schema: Schema): boolean {
  return isSchema(schema) && isSchema(schema['not']) && Object.keys(schema['not']).length === 0;
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

/** How far apart two branches are: breaking changes first. */
function badness(changes: SchemaChange[]): number {
  return changes.filter(isBreaking).length * 1_000 + changes.length;
}

function isSame({ found }: BranchMatch): boolean {
  return found.length === 0;
}
