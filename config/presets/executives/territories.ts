import type { DocumentState } from '../../../server/src/domain/change';
import type { ChangeContext } from '../../../server/src/domain/definition';
import type { GivenScope } from '../../../server/src/domain/scope';
import type { PersonMapping } from './mapping';
import { wordsIn } from '../values';

const CODE = /^[A-Z]{2}$/;

/** Territories of the words that an editor uses; null is everywhere. */
type Regions = Readonly<Record<string, readonly string[] | null>>;

/**
 * The territories that an editor's words stand for: words for regions, and ISO 3166-1 alpha-2 codes. Null, which says nothing of
 * territories, where there are no words, or one of them stands for everywhere. A word that stands for nothing known gives no
 * territory; it must not open the event to all.
 */
export function territoriesOf(words: readonly string[], regions: Regions = {}): string[] | null {
  if (words.length === 0) return null;
  const known = words.map((word) => codesOf(word, regions));
  return known.some((codes) => codes === null)
    ? null
    : [...new Set(known.flatMap((codes) => codes ?? []))];
}

function codesOf(word: string, regions: Regions): readonly string[] | null {
  if (Object.hasOwn(regions, word)) return regions[word] ?? null;
  const code = word.toUpperCase();
  return CODE.test(code) ? [code] : [];
}

/** For which territories an event of a person counts, where the mapping says so: to be spread into a definition. */
export function scopeByPerson(
  { territories }: PersonMapping,
  personOf: (change: ChangeContext) => DocumentState | null,
): { scope?: (change: ChangeContext) => GivenScope } {
  if (!territories) return {};
  const { field, regions } = territories;
  return {
    scope: (change) => ({
      territories: territoriesOf(wordsIn(personOf(change)?.[field]), regions),
    }),
  };
}
