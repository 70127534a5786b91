/** The dimensions by which events and partners are parted (spec §7, §8). */
const SCOPE_DIMENSIONS = ['territories', 'genres', 'content_types'] as const;

type Dimension = (typeof SCOPE_DIMENSIONS)[number];

/**
 * For which territories (ISO 3166-1 alpha-2), genres and kinds of content an event counts. Null says nothing of that
 * dimension; an empty list says: for none.
 */
export interface EventScope extends Record<Dimension, readonly string[] | null> {
  /** The one partner that it counts for besides ourselves: of what that partner has told us, others learn nothing. */
  partner?: string;
}

/** What a subscription wants of each dimension. An empty list restricts nothing. */
export type ScopeFilter = Readonly<Record<Dimension, readonly string[]>>;

/** What a definition's `scope` may answer: a dimension that is left out is one it says nothing of. */
export type GivenScope = Partial<Record<Dimension, readonly string[] | null>>;

const MAX_WORDS = 500;
const MAX_WORD_LENGTH = 200;

/**
 * What a definition has answered, checked and bounded, territories in upper case; null where it says nothing of any
 * dimension.
 *
 * @throws Error naming the dimension that is wrong. It must not be taken for "says nothing": then the event would pass
 *   every filter.
 */
export function checkScope(given: unknown): EventScope | null {
  if (given === null || given === undefined) return null;
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new Error('scope must be { territories, genres, content_types }, or null');
  }
  const unknown = Object.keys(given).find((name) => !isDimension(name));
  if (unknown !== undefined) {
    throw new Error(`scope.${unknown}: there is no such dimension; ${SCOPE_DIMENSIONS.join(', ')}`);
  }
  const values = given as Record<string, unknown>;
  const scope: EventScope = {
    territories: checkWords('territories', values['territories']),
    genres: checkWords('genres', values['genres']),
    content_types: checkWords('content_types', values['content_types']),
  };
  return SCOPE_DIMENSIONS.every((name) => scope[name] === null) ? null : scope;
}

/**
 * Prepares a filter. A list that is not empty passes when the event says nothing of its dimension, or names one of its
 * words; so an event's empty list never passes it. Territories are compared without regard to case.
 */
export function compileScope(filter: ScopeFilter): (scope: EventScope | null) => boolean {
  const wanted = SCOPE_DIMENSIONS.filter((name) => filter[name].length > 0).map(
    (name) => [name, new Set(filter[name].map((word) => normalise(name, word)))] as const,
  );
  return (scope) =>
    scope === null ||
    wanted.every(([name, words]) => {
      const said = scope[name];
      return said === null || said.some((word) => words.has(normalise(name, word)));
    });
}

function checkWords(name: Dimension, value: unknown): string[] | null {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value) || value.some((word) => typeof word !== 'string')) {
    throw new Error(`scope.${name} must be a list of words, or null`);
  }
  const words = [...new Set((value as string[]).map((word) => normalise(name, word)))];
  if (words.length > MAX_WORDS || words.some((word) => word.length > MAX_WORD_LENGTH)) {
    throw new Error(
      `scope.${name} may have ${MAX_WORDS} words of ${MAX_WORD_LENGTH} characters at most`,
    );
  }
  return words;
}

function isDimension(name: string): name is Dimension {
  return (SCOPE_DIMENSIONS as readonly string[]).includes(name);
}

function normalise(name: Dimension, word: string): string {
  return name === 'territories' ? word.trim().toUpperCase() : word.trim();
}
