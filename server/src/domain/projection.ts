import { JSONPathEnvironment } from 'json-p3';
import type { JSONPathQuery } from 'json-p3';

/** JSON paths by RFC 9535, strict: nothing that another reader of the RFC would read otherwise. */
const environment = new JSONPathEnvironment({ strict: true });

/** Paths of one list that may each look through the whole document. */
const MAX_SCANS = 10;

type JSONValue = Parameters<JSONPathQuery['query']>[0];

/** The names and indexes that lead from the root to a value. */
export type Location = readonly (string | number)[];

/** A list of JSON paths, parsed once. */
export interface Projection {
  paths: readonly string[];
  /**
   * True where a path takes at most one step for each value of the document: one name, index, slice or `*` after the
   * other. Filters (whose regular expressions can run for ever), `..` and several selectors in one bracket (whose
   * combinations grow without bound) are for the sandbox.
   */
  quick: boolean;
  /** What the paths name, in no particular order. */
  locate(value: unknown): Location[];
}

/**
 * What is wrong with a path, in the parser's words; null when nothing is.
 */
export function pathProblem(path: string): string | null {
  try {
    environment.compile(path);
    return null;
  } catch (error) {
    return `Not a JSON path (RFC 9535), such as "$.payload.name": ${wordsOf(error)}`;
  }
}

/** @throws JSONPathError where a path is none: they are checked by {@link pathProblem} before. */
export function compileProjection(paths: readonly string[]): Projection {
  const queries = paths.map((path) => environment.compile(path));
  return {
    paths,
    quick:
      queries.every(isQuick) &&
      queries.filter((query) => !query.singularQuery()).length <= MAX_SCANS,
    locate: (value) =>
      queries.flatMap((query) =>
        query.query(value as JSONValue).nodes.map((node) => node.location),
      ),
  };
}

function isQuick(query: JSONPathQuery): boolean {
  return query.segments.every(
    (segment) =>
      !segment.toString().startsWith('..') &&
      segment.selectors.length === 1 &&
      segment.selectors.every((selector) => !('expression' in selector)),
  );
}

/** What is kept of a value: all of it, or some of its members. */
type Kept = Map<string | number, Kept> | 'whole';

/**
 * A copy that holds what stands at the given places and what leads there, nothing else. Objects keep the order of their
 * members, and arrays that of their items, without gaps for what is left out.
 */
export function prune(value: unknown, locations: readonly Location[]): unknown {
  let kept: Kept = new Map();
  for (const location of locations) {
    kept = keep(kept, location);
  }
  return copy(value, kept);
}

function keep(root: Kept, location: Location): Kept {
  if (location.length === 0 || root === 'whole') return 'whole';
  let at = root;
  for (const [index, step] of location.entries()) {
    const known = at.get(step);
    if (known === 'whole') break;
    if (index === location.length - 1) {
      at.set(step, 'whole');
      break;
    }
    const next = known ?? new Map<string | number, Kept>();
    at.set(step, next);
    at = next;
  }
  return root;
}

function copy(value: unknown, kept: Kept): unknown {
  if (kept === 'whole' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      const part = kept.get(index);
      return part === undefined ? [] : [copy(item, part)];
    });
  }
  // Without a prototype, because a member may be called `__proto__`.
  const pruned = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value)) {
    const part = kept.get(name);
    if (part !== undefined) pruned[name] = copy(member, part);
  }
  return pruned;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
