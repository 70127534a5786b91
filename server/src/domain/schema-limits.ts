import type { JsonSchema } from './definition';
import { canonicalText, isSchema } from './schema-contract';

/** A change of a limit, at the place where the schema stands. */
interface LimitChange {
  text: string;
  breaking: boolean;
}

/** Limits of which more allows less, and those of which less does; each with the words for it. */
const LOWEST: Readonly<Record<string, string>> = {
  minLength: 'characters at least',
  minItems: 'items at least',
  minProperties: 'properties at least',
};
const HIGHEST: Readonly<Record<string, string>> = {
  maxLength: 'characters at most',
  maxItems: 'items at most',
  maxProperties: 'properties at most',
};

/** Limits of numbers, lengths and formats: tighter is compatible, wider breaking. */
export function compareLimits(
  old: JsonSchema,
  fresh: JsonSchema,
  freshValues: string[] | null,
): LimitChange[] {
  return [
    ...Object.entries(LOWEST).flatMap(([keyword, words]) =>
      compareCounts(numberAt(old, keyword) ?? 0, numberAt(fresh, keyword) ?? 0, words, 1),
    ),
    ...Object.entries(HIGHEST).flatMap(([keyword, words]) =>
      compareCounts(
        numberAt(old, keyword) ?? Infinity,
        numberAt(fresh, keyword) ?? Infinity,
        words,
        -1,
      ),
    ),
    ...compareBounds(old, fresh, 'minimum', 1),
    ...compareBounds(old, fresh, 'maximum', -1),
    ...compareMultiple(old, fresh),
    ...compareWords(old, fresh, 'pattern'),
    ...compareWords(old, fresh, 'format'),
    ...compareUnique(old, fresh),
    ...compareExcluded(old, fresh, freshValues),
  ];
}

/** @param tighter 1 where a larger number allows less, -1 where a smaller one does. */
function compareCounts(old: number, fresh: number, words: string, tighter: 1 | -1): LimitChange[] {
  if (old === fresh) return [];
  const text = Number.isFinite(fresh)
    ? `has ${fresh} ${words} now${Number.isFinite(old) ? ` (${old} before)` : ''}`
    : `is no longer limited to ${old} ${words}`;
  return [{ text, breaking: (fresh - old) * tighter < 0 || !Number.isFinite(fresh) }];
}

interface Bound {
  value: number;
  /** True where the value itself is not allowed. */
  open: boolean;
}

function compareBounds(
  old: JsonSchema,
  fresh: JsonSchema,
  side: 'minimum' | 'maximum',
  tighter: 1 | -1,
): LimitChange[] {
  const [before, now] = [boundOf(old, side, tighter), boundOf(fresh, side, tighter)];
  if (before.value === now.value && before.open === now.open) return [];
  const wider =
    (now.value - before.value) * tighter < 0 ||
    (now.value === before.value && before.open && !now.open);
  return [
    {
      text: `${side} is ${boundText(now, tighter)} now (${boundText(before, tighter)} before)`,
      breaking: wider,
    },
  ];
}

function boundOf(schema: JsonSchema, side: 'minimum' | 'maximum', tighter: 1 | -1): Bound {
  const exclusive = side === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
  const none = -Infinity * tighter;
  const closed = { value: numberAt(schema, side) ?? none, open: false };
  const open = { value: numberAt(schema, exclusive) ?? none, open: true };
  if (open.value === none) return closed;
  return (open.value - closed.value) * tighter >= 0 ? open : closed;
}

function boundText({ value, open }: Bound, tighter: 1 | -1): string {
  if (!Number.isFinite(value)) return 'none';
  return open ? `${tighter === 1 ? 'above' : 'below'} ${value}` : String(value);
}

function compareMultiple(old: JsonSchema, fresh: JsonSchema): LimitChange[] {
  const [before, now] = [numberAt(old, 'multipleOf'), numberAt(fresh, 'multipleOf')];
  if (before === now) return [];
  if (before === null) return [{ text: `is now a multiple of ${now}`, breaking: false }];
  const finer = now === null || !Number.isInteger(now / before);
  return [{ text: `was a multiple of ${before}, and is now of ${now ?? 'any'}`, breaking: finer }];
}

/** A pattern or a format cannot be told to be narrower than another. */
function compareWords(
  old: JsonSchema,
  fresh: JsonSchema,
  keyword: 'pattern' | 'format',
): LimitChange[] {
  const [before, now] = [old[keyword], fresh[keyword]];
  if (before === now) return [];
  const text =
    now === undefined
      ? `has no ${keyword} any more (${canonicalText(before)} before)`
      : `has the ${keyword} ${canonicalText(now)} now${before === undefined ? '' : ` (${canonicalText(before)} before)`}`;
  return [{ text, breaking: before !== undefined }];
}

function compareUnique(old: JsonSchema, fresh: JsonSchema): LimitChange[] {
  const [before, now] = [old['uniqueItems'] === true, fresh['uniqueItems'] === true];
  if (before === now) return [];
  return [{ text: now ? 'has no item twice now' : 'may now have an item twice', breaking: before }];
}

/** `not: { enum: […] }`: values that are dealt with elsewhere. */
function compareExcluded(
  old: JsonSchema,
  fresh: JsonSchema,
  freshValues: string[] | null,
): LimitChange[] {
  const [before, now] = [old['not'], fresh['not']];
  if (before === undefined || canonicalText(before) === canonicalText(now)) return [];
  const excluded = excludedOf(before);
  if (excluded === null) {
    return [{ text: '"not" changed, which the rules do not understand', breaking: true }];
  }
  const still = excludedOf(now) ?? [];
  const allowed = excluded.filter((value) =>
    freshValues ? freshValues.includes(value) : !still.includes(value),
  );
  return allowed.length === 0
    ? []
    : [{ text: `may now be ${allowed.join(', ')} too`, breaking: true }];
}

function excludedOf(not: unknown): string[] | null {
  if (!isSchema(not) || Object.keys(not).length !== 1) return null;
  if ('const' in not) return [canonicalText(not['const'])];
  return Array.isArray(not['enum']) ? not['enum'].map(canonicalText) : null;
}

function numberAt(schema: JsonSchema, keyword: string): number | null {
  const value = schema[keyword];
  return typeof value === 'number' ? value : null;
}
